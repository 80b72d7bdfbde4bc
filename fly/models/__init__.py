"""What flyctl prints as JSON, one noun a file. Extra keys are tolerated; only what this project uses is named."""
