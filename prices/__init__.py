"""What a stack costs: a book of dated prices, and what an inventory comes to with them."""
