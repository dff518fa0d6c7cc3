"""WeChat itself (微信接口): one module per API family."""
