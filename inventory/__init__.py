"""What a stack consists of, as plain typed values: the same whether read from its settings or from its resources."""
