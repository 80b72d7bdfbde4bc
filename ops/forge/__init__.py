"""The code host that pull requests live on: GitHub or GitLab, told apart by what its CI puts into the environment."""
