"""The HTTP edge: the endpoint for Slack, health and metrics."""
