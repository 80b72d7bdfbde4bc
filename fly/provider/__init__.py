"""The Pulumi provider `fly`: resources of Fly.io over the verbs of this package, spoken to the engine by gRPC."""
