"""The outbox (发件箱) against WeChat as it is on a good day: ways, windows, bundles, pictures, the void."""
