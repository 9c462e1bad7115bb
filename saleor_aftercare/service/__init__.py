"""The host of the app: settings, processes and the console script. Nothing else reads the environment."""
