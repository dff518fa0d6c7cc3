"""What is remembered (数据模型): SQLAlchemy 2, typed."""
