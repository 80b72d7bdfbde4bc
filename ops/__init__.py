"""What an operator types: `./slipway VERB`. One verb a file; nothing here knows a component."""
