"""The Slack edge: what Slack sends is checked, read, answered; only this package knows Slack."""
