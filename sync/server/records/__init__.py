"""Records as they are kept, who may hold them, how they travel, and the history and the audit behind them."""
