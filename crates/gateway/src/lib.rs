//! Sockets → durable frames → answers: HJ 212 over TCP and JSON over MQTT.
