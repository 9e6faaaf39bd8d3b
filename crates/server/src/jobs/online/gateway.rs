//! How the gateway does.

use super::desk::Desk;
use crate::answers::Text;
use crate::answers::online::gateway::{GatewayCounter, GatewayHealth, GatewayReason};
use crate::data::Data;
use crate::trouble::Trouble;

/// Whether frames are taken, and why not; what was counted since the start.
pub fn health(data: &Data) -> Result<GatewayHealth, Trouble> {
    let desk = Desk::open(data)?;
    let journal = desk.store.journal();
    let now = crate::clock::now();
    let last = journal.last_id()?.0;
    let mut answer = GatewayHealth {
        now: now.to_iso(),
        accepting: false,
        reason: Some(GatewayReason {
            code: "off".to_string(),
            message: Text::new("数采网关未启动", "the gateway is not running"),
        }),
        since: now.to_iso(),
        hj212: None,
        mqtt: None,
        connections: 0,
        max_connections: 0,
        queue: 0,
        in_flight_bytes: 0,
        in_flight_limit_bytes: 0,
        memory_bytes: memory_bytes(),
        journal_frames: journal.count()?,
        journal_last: Some(last).filter(|last| *last > 0),
        counters: Vec::new(),
        simulated: desk.register.outlets.values().any(|outlet| outlet.simulated),
    };
    let Some(live) = data.live() else { return Ok(answer) };
    let health = live.gateway().health();
    answer.accepting = health.accepting;
    let code = health.code.unwrap_or_default().to_string();
    answer.reason = health.reason.map(|message| GatewayReason { code, message: message.into() });
    answer.since = health.since.to_iso();
    answer.hj212 = Some(live.gateway().local_addr().to_string());
    answer.mqtt = health.mqtt_connected.map(|connected| if connected { "connected" } else { "waiting" }.to_string());
    answer.connections = health.connections as u64;
    answer.max_connections = live.max_connections() as u64;
    answer.queue = health.queue as u64;
    answer.in_flight_bytes = health.in_flight_bytes as u64;
    answer.in_flight_limit_bytes = health.in_flight_limit as u64;
    answer.counters = counters(&health.counts);
    Ok(answer)
}

fn counters(counts: &gateway::Counts) -> Vec<GatewayCounter> {
    let list = [
        ("frames", Text::new("收到报文", "frames kept"), counts.frames),
        ("answered", Text::new("已应答", "answered"), counts.answers),
        ("conforms", Text::new("可采用", "usable"), counts.frames.saturating_sub(counts.broken)),
        ("broken", Text::new("损坏", "broken"), counts.broken),
        ("untrusted", Text::new("来源不明", "from unknown or false senders"), counts.untrusted),
        ("garbage", Text::new("无法成帧的字节段", "runs of bytes that are no frame"), counts.garbage),
        ("refused", Text::new("拒绝的连接", "connections refused"), counts.refused),
        ("opened", Text::new("打开的连接", "connections opened"), counts.opened),
        ("closed_slow", Text::new("因过慢关闭", "closed: too slow"), counts.closed_slow + counts.closed_first_frame),
        ("closed_idle", Text::new("因空闲关闭", "closed: idle"), counts.closed_idle),
        ("closed_garbage", Text::new("因乱码关闭", "closed: garbage"), counts.closed_garbage),
        ("closed_stranger", Text::new("因身份不符关闭", "closed: not who it says"), counts.closed_stranger),
        ("slowed", Text::new("限速次数", "times slowed"), counts.slowed),
        ("mqtt_messages", Text::new("MQTT 消息", "MQTT messages"), counts.mqtt_messages),
        ("commits", Text::new("落盘次数", "commits"), counts.commits),
        ("failed_commits", Text::new("落盘失败次数", "failed commits"), counts.failed_commits),
    ];
    let counters = list.into_iter().map(|(id, title, value)| GatewayCounter { id: id.to_string(), title, value });
    counters.collect()
}

/// Memory of the process, where the system tells it.
fn memory_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib * 1024)
}
