"""What a stack costs a month: as it is described, as it is deployed, as it would be."""
