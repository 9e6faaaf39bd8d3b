//! Tests of whole files: what the samples beside the mappings cannot hold (binary formats, broken bytes,
//! size) and what must hold for any bytes.

use super::*;
use crate::mapping::Body;
use domain::Severity;
use domain::catalog::Files;
use proptest::prelude::*;
use std::fmt::Write as _;
use std::io::Write as _;

fn mapping(id: &str) -> Mapping {
    Mappings::builtin().get(id).unwrap_or_else(|| panic!("{id} is built in")).clone()
}

#[expect(clippy::result_large_err, reason = "as in `open`")]
fn chunks(name: &str, bytes: &[u8], id: &str) -> Result<Chunks, Problem> {
    open(Source::bytes(name, bytes.to_vec()), &mapping(id), &Context::builtin())
}

/// Everything a file gives, as text; `sample` describes the form.
fn read(bytes: &[u8], id: &str) -> String {
    crate::transcript("f", bytes, &mapping(id), &Context::builtin())
}

/// Code and text of the problem that makes a file unreadable.
fn refusal(bytes: &[u8], id: &str) -> (&'static str, String) {
    let problem = chunks("f.csv", bytes, id).expect_err("not readable");
    assert_eq!(problem.place.file, "f.csv");
    assert!(!problem.message.zh.is_empty());
    (problem.code, problem.message.en)
}

fn long(rows: &str) -> Vec<u8> {
    format!("station,time,parameter,value,unit\n{rows}").into_bytes()
}

#[test]
fn the_builtin_mappings_are_sound_and_their_samples_hold() {
    let files = Mappings::builtin_files();
    let (mappings, problems) = Mappings::load(&files);
    assert_eq!(problems, vec![]);
    let context = Context::builtin();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog");
    if std::env::var_os("UPDATE").is_some() {
        for (path, content) in files.iter().filter(|(path, _)| path.contains("/samples/") && !path.ends_with(".txt")) {
            let (id, _) = path.split_once('/').expect("a sample lies in a mapping's folder");
            let name = path.rsplit('/').next().expect("a path has a name");
            let text = crate::transcript(name, content.as_bytes(), mappings.get(id).expect("loaded"), &context);
            let to = root.join(path).with_extension("expect.txt");
            std::fs::write(to, text).expect("the catalog can be written");
        }
        return;
    }
    let faults: Vec<_> = mappings.run_samples(&context).into_iter().filter(|result| result.fault.is_some()).collect();
    assert_eq!(faults, vec![]);
}

/// Bytes of a text in GBK.
fn gbk(text: &str) -> Vec<u8> {
    encoding_rs::GBK.encode(text).0.into_owned()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("memory does not fail");
    encoder.finish().expect("memory does not fail")
}

const GOOD: &str = "S1,2020-01-01 08:00,pm25,35,μg/m3\n资阳中学,2020-01-01 09:00,co,1.5,mg/m3\n";

const GOOD_READ: &str = "\
2 S1 pm25 hour 2020-01-01T08:00:00+08:00 35 good
3 资阳中学 co hour 2020-01-01T09:00:00+08:00 1.5 good
";

#[test]
fn one_table_in_every_dress_gives_the_same() {
    let text = String::from_utf8(long(GOOD)).expect("text");
    let with_mark = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    assert_eq!(read(text.as_bytes(), "jingce-long"), GOOD_READ);
    assert_eq!(read(&with_mark, "jingce-long"), GOOD_READ);
    assert_eq!(read(text.replace('\n', "\r\n").as_bytes(), "jingce-long"), GOOD_READ);
    assert_eq!(read(text.replace('\n', "\r").as_bytes(), "jingce-long"), GOOD_READ);
    assert_eq!(read(text.trim_end().as_bytes(), "jingce-long"), GOOD_READ);
    assert_eq!(read(text.replace(',', "\t").as_bytes(), "jingce-long"), GOOD_READ);
    assert_eq!(read(&gzip(text.as_bytes()), "jingce-long"), GOOD_READ);
    let note = "! -: note read-as ``\n";
    assert_eq!(read(&gbk(&text), "jingce-long"), format!("{GOOD_READ}{note}"));
    let wide: Vec<u8> = [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert_eq!(read(&wide, "jingce-long"), format!("{GOOD_READ}{note}"));
}

/// Row numbers are those a spreadsheet shows: a quoted line break adds none, a blank line does.
#[test]
fn row_numbers_are_those_of_a_spreadsheet() {
    for end in ["\n", "\r\n", "\r"] {
        let text = format!(
            "\u{feff}station,time,parameter,value,unit,remark{end}\
             S1,2020-01-01 08:00,pm25,1,µg/m³,\"two{end}lines, \"\"quoted\"\"\"{end}\
             {end}\
             S1,2020-01-01 09:00,pm25,x,µg/m³,{end}"
        );
        let expect = "2 S1 pm25 hour 2020-01-01T08:00:00+08:00 1 good\n\
                      ! -:remark note unknown-column `remark`\n\
                      ! 4:value error not-a-number `x`\n\
                      ! -: note blank-rows ``\n\
                      x 4\n";
        assert_eq!(read(text.as_bytes(), "jingce-long"), expect, "{end:?}");
    }
}

#[test]
fn files_that_cannot_be_read_at_all_say_why() {
    assert_eq!(refusal(b"", "jingce-long").0, "empty-file");
    assert_eq!(refusal(b" \r\n\n", "jingce-long").0, "empty-file");
    assert_eq!(refusal(&gzip(b""), "jingce-long").0, "empty-file");
    assert_eq!(refusal(b"%PDF-1.7 ...", "jingce-long").0, "not-a-table");
    assert_eq!(refusal(b"\x01\x02\x00\x00\x03", "jingce-long").0, "not-a-table");
    assert_eq!(refusal(&gzip(b"PK\x03\x04"), "jingce-long").0, "not-a-table");
    assert_eq!(refusal(b"PK\x03\x04damaged", "jingce-long").0, "unreadable");
    assert_eq!(refusal(b"PAR1damaged and short", "jingce-long").0, "unreadable");
    assert_eq!(refusal(b"PAR1", "stations").0, "wrong-format");
    let (code, text) = refusal(b"station|time|parameter|value|unit\n", "jingce-long");
    assert_eq!(code, "wrong-delimiter");
    assert!(text.contains("`station|time|parameter|value|unit`") && text.contains("Tab"), "{text}");
    let (code, text) = refusal(b"station,time,parameter,unit\n", "jingce-long");
    assert_eq!(code, "missing-column");
    assert!(text.contains("value /") && text.contains("row 1 has: station, time, parameter, unit;"), "{text}");
    let (code, text) = refusal(b"station,time,parameter,value,Value,unit\n", "jingce-long");
    assert_eq!((code, text.contains("`Value`")), ("duplicate-column", true));
    let problem = open(Source::bytes("f", b"date,no2\n".to_vec()), &mapping("openair-site"), &Context::builtin());
    assert_eq!(problem.expect_err("no station").code, "station-not-given");
}

#[test]
fn a_header_with_an_open_quote_is_quoted_back() {
    let (code, text) = refusal(b"\"station,time,parameter,value,unit\nS1,2020-01-01 08:00,pm25,3,1\n", "jingce-long");
    assert_eq!(code, "missing-column");
    assert!(text.contains("row 1 has: \"station, time,"), "{text}");
}

#[test]
fn chunks_can_be_made_on_another_thread() {
    fn sendable<T: Send>() {}
    sendable::<Chunks>();
    sendable::<Chunk>();
}

#[test]
fn a_header_alone_is_a_warning() {
    assert_eq!(read(&long(""), "jingce-long"), "! -: warning no-rows ``\n");
}

#[test]
fn one_bad_cell_costs_that_cell_only_and_the_whole_row_comes_back() {
    let text = "station,time,PM2.5,CO,extra\nS1,2020-01-01 08:00,abc,1.5,\"a,b\"\n";
    let mut all = chunks("f.csv", text.as_bytes(), "jingce-wide-hourly").expect("opens");
    assert_eq!(all.header(), ["station", "time", "PM2.5", "CO", "extra"]);
    let chunk = all.next().expect("one chunk");
    assert_eq!(chunk.readings.rows.len(), 1);
    assert_eq!(chunk.rejects.len(), 1);
    assert_eq!(chunk.rejects[0].cells, ["S1", "2020-01-01 08:00", "abc", "1.5", "a,b"]);
    assert!(chunk.rejects[0].reasons.starts_with("PM2.5: `abc` 不是数字"), "{}", chunk.rejects[0].reasons);
    let problem = chunk.problems.iter().find(|problem| problem.severity == Severity::Error).expect("an error");
    assert_eq!(
        problem.line(domain::Lang::En),
        "f.csv:2:PM2.5: `abc` is not a number and was not taken; correct it, or leave the cell empty if the value is missing"
    );
    assert!(all.next().is_none());
}

#[test]
fn broken_bytes_cost_a_cell_not_the_file() {
    let mut bytes = long(&format!("{GOOD}S2,2020-01-01 08:00,pm25,3,µg/m³\n"));
    let at = bytes.windows(2).position(|pair| pair == b"S2").expect("it is there");
    bytes[at] = 0xff;
    let expect = format!("{GOOD_READ}! 4:station error undecodable `\u{fffd}2`\nx 4\n");
    assert_eq!(read(&bytes, "jingce-long"), expect);
}

#[test]
fn a_quote_that_is_never_closed_costs_its_line_only() {
    for tail in ["", "S3,2020-01-01 08:00,pm25,4,\"µg/m³\"\n"] {
        let text = long(&format!("S1,\"2020-01-01 08:00,pm25,3,µg/m³\n{GOOD}{tail}"));
        let found = read(&text, "jingce-long");
        assert!(found.contains("! 2: error unterminated-quote `S1,\"2020-01-01 08:00,pm25,3,µg/m³`"), "{found}");
        assert!(found.contains("3 S1 pm25") && found.contains("4 资阳中学 co") && found.contains("x 2\n"), "{found}");
        assert_eq!(found.contains("5 S3 pm25"), !tail.is_empty(), "{found}");
    }
}

#[test]
fn an_endless_row_is_bounded_and_the_next_is_read() {
    let mut text = long("");
    text.extend(std::iter::repeat_n(b'7', 3 << 20));
    text.extend_from_slice(b"\n");
    text.extend_from_slice(GOOD.as_bytes());
    let all: Vec<Chunk> = chunks("f", &text, "jingce-long").expect("opens").collect();
    let rejects: Vec<&Reject> = all.iter().flat_map(|chunk| &chunk.rejects).collect();
    assert_eq!((rejects.len(), rejects[0].row, rejects[0].cells[0].len()), (1, 2, 1 << 16));
    assert_eq!(all[0].problems[0].code, "row-too-long");
    assert_eq!(all[0].readings.rows.iter().map(|reading| reading.row).collect::<Vec<_>>(), [3, 4]);
}

#[test]
fn a_truncated_gzip_keeps_what_came_before() {
    let rows: String = (0..5000).map(|n| format!("S{n},2020-01-01 08:00,pm25,{},µg/m³\n", n % 400)).collect();
    let packed = gzip(&long(&rows));
    let all: Vec<Chunk> = chunks("f.csv.gz", &packed[..packed.len() / 2], "jingce-long").expect("opens").collect();
    let read: usize = all.iter().map(|chunk| chunk.readings.rows.len()).sum();
    assert!(read > 1000 && read < 5000, "{read}");
    let problems: Vec<&Problem> = all.iter().flat_map(|chunk| &chunk.problems).collect();
    let last = problems.last().expect("a problem");
    assert_eq!((last.code, last.place.row.is_some()), ("truncated-gzip", true));
    assert_eq!(all.iter().map(|chunk| chunk.rows).sum::<u64>(), read as u64 + u64::from(problems.len() > 1));
    assert_eq!(refusal(&packed[..12], "jingce-long").0, "truncated-gzip");
}

#[test]
fn repeated_problems_are_folded_and_counted_but_no_row_is_lost() {
    let rows: String = (0..30_000).map(|_| "S1,2020-01-01 08:00,pm25,abc,µg/m³\n").collect();
    let all: Vec<Chunk> = chunks("f", &long(&rows), "jingce-long").expect("opens").collect();
    assert!(all.len() > 2, "a chunk ends early when it is full of problems");
    assert_eq!(all.iter().map(|chunk| chunk.rejects.len()).sum::<usize>(), 30_000);
    assert_eq!(all.iter().map(|chunk| chunk.folded).sum::<u64>(), 29_000);
    let problems: Vec<&Problem> = all.iter().flat_map(|chunk| &chunk.problems).collect();
    assert_eq!(problems.len(), 1001);
    assert!(problems[1000].message.en.starts_with("29000 more of the same (not-a-number, rows 1002–30001)"));
}

#[test]
fn a_long_file_comes_in_bounded_chunks() {
    let mut text = String::from("station,time,PM2.5,PM10,SO2,NO2,CO,O3\n");
    for n in 0..200_000 {
        writeln!(text, "S{},2020-01-{:02} {:02}:00,35,50,5,20,0.9,88", n / 720, n / 24 % 30 + 1, n % 24)
            .expect("memory");
    }
    let all: Vec<Chunk> = chunks("f", text.as_bytes(), "jingce-wide-hourly").expect("opens").collect();
    assert!(all.iter().all(|chunk| chunk.rows <= CHUNK_ROWS && chunk.readings.rows.len() <= CHUNK_READINGS + 12));
    assert_eq!(all.iter().map(|chunk| chunk.rows).sum::<u64>(), 200_000);
    assert_eq!(all.iter().map(|chunk| chunk.readings.rows.len()).sum::<usize>(), 1_200_000);
    assert_eq!(all.last().expect("chunks").bytes_read, text.len() as u64);
    assert!(all.windows(2).all(|pair| pair[0].bytes_read <= pair[1].bytes_read));
    let (first, last) = (&all[0].readings.stations, &all.last().expect("chunks").readings.stations);
    assert_eq!(first[..], last[..first.len()], "dictionaries only grow");
}

/// A rejects file carries two columns of its own and is imported with the same mapping once corrected.
#[test]
fn a_corrected_rejects_file_is_readable() {
    let text =
        "row,station,time,parameter,value,unit,reasons\n2,S1,2020-01-01 08:00,pm25,35,µg/m³,\"value: `abc` …\"\n";
    let found = read(text.as_bytes(), "jingce-long");
    assert!(found.starts_with("2 S1 pm25 hour 2020-01-01T08:00:00+08:00 35 good\n"), "{found}");
    assert!(!found.contains("error"), "{found}");
}

#[test]
fn the_columns_that_a_rejects_file_adds_are_passed_over() {
    let added = "rejected_row,rejected_because";
    let text = format!("station,time,parameter,value,unit,{added}\nS1,2020-01-01 08:00,pm25,35,µg/m³,7,value: …\n");
    assert_eq!(read(text.as_bytes(), "jingce-long"), "2 S1 pm25 hour 2020-01-01T08:00:00+08:00 35 good\n");
    // Where every other column is a station, they are none.
    let text = format!("date,hour,type,1001A,{added}\n20220101,0,PM2.5,35,7,8\n");
    assert_eq!(read(text.as_bytes(), "china-sites"), "2 1001A pm25 hour 2022-01-01T00:00:00+08:00 35 good\n");
}

#[test]
fn what_cannot_be_read_says_what_it_is_and_what_to_do() {
    for bytes in [&b"PK\x03\x04damaged"[..], b"PAR1damaged and short"] {
        let (code, text) = refusal(bytes, "jingce-long");
        assert_eq!(code, "unreadable");
        assert!(text.contains("nothing was read") && !text.contains("rows before"), "{text}");
    }
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().set_name("空表").expect("a name");
    let (code, text) = refusal(&book.save_to_buffer().expect("a workbook"), "jingce-long");
    assert_eq!((code, text.contains("the sheet 空表 is empty")), ("empty-sheet", true), "{text}");
    let problem = chunks("数据.XLSX", b"no table at all\n", "jingce-long").expect_err("not readable");
    assert_eq!((problem.code, problem.message.en.contains("not a workbook")), ("not-a-workbook", true));
    assert!(chunks("f.xlsx", &long(GOOD), "jingce-long").is_ok(), "a CSV is one whatever its name");
    let problem = open(Source::bytes("f", b"date,no2\n".to_vec()), &mapping("openair-site"), &Context::builtin());
    assert!(problem.expect_err("no station").message.en.contains("--station CODE"));
    let mut opened = chunks("f", &long("S1,2020-01-01 08:00,pm25,35,m/s\n"), "jingce-long").expect("opens");
    let problem = opened.next().expect("a chunk").problems.remove(0);
    assert_eq!((problem.code, problem.message.en.contains("correct the unit")), ("unit-dimension", true));
}

#[test]
fn workbooks_are_read_with_their_dates_and_formula_errors() {
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
    let mut book = Workbook::new();
    let notes = book.add_worksheet().set_name("说明").expect("a name");
    notes.write(0, 0, "本表由实验室填写").expect("writes");
    let sheet = book.add_worksheet().set_name("数据").expect("a name");
    let when = Format::new().set_num_format("yyyy-mm-dd hh:mm");
    sheet.write(0, 1, "2025年1月监测结果").expect("writes");
    for (column, name) in ["断面", "采样时间", "pH", "氨氮（mg/L）", "总磷（mg/L）"].into_iter().enumerate()
    {
        sheet.write(2, column as u16 + 1, name).expect("writes");
    }
    let time = ExcelDateTime::from_ymd(2025, 1, 5).and_then(|day| day.and_hms(9, 30, 0)).expect("a time");
    sheet.write(3, 1, "幸福村").expect("writes");
    sheet.write_with_format(3, 2, &time, &when).expect("writes");
    sheet.write(3, 3, 7.8).expect("writes");
    sheet.write(3, 4, "0.025L").expect("writes");
    sheet.write(3, 5, 0.09).expect("writes");
    sheet.write(4, 1, "阳化河").expect("writes");
    sheet.write(4, 2, 45663.5).expect("writes");
    sheet.write(4, 3, true).expect("writes");
    sheet.write(4, 4, "0.1").expect("writes");
    let bytes = book.save_to_buffer().expect("a workbook");
    // 45663.5 = 2025-01-06 12:00 by the day numbers of spreadsheets.
    let expect = "\
4 幸福村 ph instant 2025-01-05T09:30:00+08:00 7.8 good
4 幸福村 nh3n instant 2025-01-05T09:30:00+08:00 0.025 below
4 幸福村 tp instant 2025-01-05T09:30:00+08:00 0.09 good
5 阳化河 nh3n instant 2025-01-06T12:00:00+08:00 0.1 good
5 阳化河 tp instant 2025-01-06T12:00:00+08:00 - missing
! 5:pH error not-a-number `true`
x 5
";
    assert_eq!(read(&bytes, "lab-sheet-water"), expect);
    let problem =
        chunks("f.xlsx", &bytes, "lab-sheet-water").expect("opens").next().expect("a chunk").problems.remove(0);
    assert_eq!(problem.place.to_string(), "f.xlsx[数据]:5:pH");
}

#[test]
fn parquet_gives_what_the_same_csv_gives() {
    use arrow::array::{Float32Array, Float64Array, Int64Array, StringArray};
    use arrow::record_batch::RecordBatch;
    use std::sync::Arc;
    let column = |array: Arc<dyn arrow::array::Array>| array;
    let values = |list: [Option<f64>; 3]| column(Arc::new(Float64Array::from(list.to_vec())));
    let ints = |list: [i64; 3]| column(Arc::new(Int64Array::from(list.to_vec())));
    let batch = RecordBatch::try_from_iter([
        ("year", ints([2013, 2013, 2013])),
        ("month", ints([3, 3, 2])),
        ("day", ints([1, 1, 31])),
        ("hour", ints([0, 1, 0])),
        ("PM2.5", values([Some(4.0), Some(-1.0), Some(4.0)])),
        ("PM10", values([Some(4.1), None, Some(4.0)])),
        ("SO2", values([Some(59.99999999999999), Some(1e9), Some(4.0)])),
        ("NO2", column(Arc::new(Float32Array::from(vec![0.1, f32::NAN, 1.0])))),
        ("CO", values([Some(300.0), Some(1234.5), Some(4.0)])),
        ("O3", values([Some(77.0), Some(f64::INFINITY), Some(4.0)])),
        ("wd", column(Arc::new(StringArray::from(vec![Some("NNW"), None, Some("N")])))),
        ("station", column(Arc::new(StringArray::from(vec!["A", "B", "C"])))),
    ])
    .expect("a batch");
    let mut bytes = Vec::new();
    let mut writer = parquet::arrow::ArrowWriter::try_new(&mut bytes, batch.schema(), None).expect("a writer");
    writer.write(&batch).expect("writes");
    writer.close().expect("closes");
    let csv = "year,month,day,hour,PM2.5,PM10,SO2,NO2,CO,O3,wd,station\n\
               2013,3,1,0,4,4.1,59.99999999999999,0.1,300,77,NNW,A\n\
               2013,3,1,1,-1,,1000000000,NaN,1234.5,inf,,B\n\
               2013,2,31,0,4,4,4,1,4,4,N,C\n";
    let found = read(&bytes, "uci-beijing");
    assert_eq!(found, read(csv.as_bytes(), "uci-beijing"));
    assert!(found.contains("2 A co hour 2013-03-01T00:00:00+08:00 0.3 good"), "{found}");
    assert!(found.contains("! 4:day error no-such-date"), "{found}");
}

/// A mapping added as data alone, and a deployment's folder over a built-in one.
#[test]
fn a_mapping_is_added_and_replaced_as_data() {
    let mut files = Mappings::builtin_files();
    let mut own = Files::new();
    own.insert("noise/mapping.toml", include_str!("testdata/own-mapping.toml"));
    own.insert("noise/samples/one.csv", "点,日期,PM10\nA,31/01/2020,12\n");
    own.insert("noise/samples/one.expect.txt", "2 A pm10 day 2020-02-01T00:00:00+08:00 12 good\n");
    own.insert("areas/mapping.toml", "id = \"areas\"");
    files.overlay(&own);
    let (mappings, problems) = Mappings::load(&files);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(problems[0].path, "areas/mapping.toml");
    assert!(problems[0].message.en.contains("missing field `title`"), "{}", problems[0].message.en);
    assert!(mappings.get("areas").is_none() && mappings.get("stations").is_some());
    let results = mappings.run_samples(&Context::builtin());
    let own = results.iter().find(|result| result.mapping == "noise").expect("it ran");
    assert_eq!(own.fault, None);
}

#[test]
fn a_wrong_mapping_tells_all_that_is_wrong() {
    let mut files = Files::new();
    let text = include_str!("testdata/own-mapping.toml").replace("\"day\"", "\"week\"").replace("\"dmy\"", "\"ydm\"");
    files.insert("other/mapping.toml", text);
    let (_, problems) = Mappings::load(&files);
    let told: Vec<&str> = problems.iter().map(|problem| problem.message.en.as_str()).collect();
    assert_eq!(told.len(), 5, "{told:?}");
    assert!(told.iter().any(|text| text.contains("the id `noise` differs from the folder's name `other`")));
    assert!(told.iter().any(|text| text.contains("`time.span` cannot be `week`; use one of: hour, day, instant")));
    let wrong = include_str!("testdata/own-mapping.toml").replace("\"pm10\"", "\"pm11\"");
    let mut files = Files::new();
    files.insert("noise/mapping.toml", wrong);
    let (mappings, problems) = Mappings::load(&files);
    assert_eq!(problems, vec![]);
    let source = Source::bytes("f", "点,日期,PM10\n".into());
    let problem =
        open(source, mappings.get("noise").expect("loaded"), &Context::builtin()).expect_err("unknown parameter");
    assert_eq!((problem.code, problem.message.en.contains("`pm11`")), ("mapping", true));
}

/// Pieces that make rows that are nearly right.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("\"".to_string()),
        Just(",".to_string()),
        Just(",,".to_string()),
        Just("\n".to_string()),
        Just("\r\n".to_string()),
        Just("\r".to_string()),
        Just("2020-01-01 08:00".to_string()),
        Just("2020-02-31 25:00".to_string()),
        Just("pm25".to_string()),
        Just("µg/m³".to_string()),
        Just("资阳".to_string()),
        Just("-9999".to_string()),
        Just("1e9".to_string()),
        Just("<0.01".to_string()),
        "[0-9a-z. ]{0,6}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        fuzz_csv(&bytes);
    }

    #[test]
    fn no_rows_make_it_panic(pieces in proptest::collection::vec(piece(), 0..120), head in 0_usize..3) {
        let head = ["station,time,parameter,value,unit,flag\n", "date,hour,type,1001A,1002A\n", "station,time,PM2.5,CO\n"][head];
        let text = format!("{head}{}", pieces.concat());
        fuzz_csv(text.as_bytes());
        fuzz_csv(&gbk(&text));
    }

    /// Every row is read, blank, or refused as a whole; cells that need no quotes come back unchanged.
    #[test]
    fn nothing_is_lost(rows in proptest::collection::vec(proptest::collection::vec("[ -~\n\"资]{0,8}", 5), 1..20)) {
        let mut text = long("");
        for row in &rows {
            let cells: Vec<String> = row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
            text.extend_from_slice(cells.join(",").as_bytes());
            text.push(b'\n');
        }
        let (mut read, mut rejects, mut taken) = (0, Vec::new(), 0);
        for chunk in chunks("f", &text, "jingce-long").expect("opens") {
            read += chunk.rows as usize;
            taken += chunk.readings.rows.len();
            rejects.extend(chunk.rejects);
        }
        let blank = rows.iter().filter(|row| row.iter().all(|cell| cell.trim_matches([' ', '\n']).is_empty())).count();
        prop_assert_eq!(read + blank, rows.len());
        prop_assert_eq!(taken + rejects.len(), read);
        for reject in rejects {
            prop_assert_eq!(&reject.cells, &rows[reject.row as usize - 2]);
        }
    }
}

/// The files of the simulated city, each with the mapping that its list names.
#[test]
fn the_demo_city_comes_in_without_a_problem() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/demo/ziyang");
    let list = std::fs::read_to_string(folder.join("files.csv")).expect("the list is there");
    let mut seen = 0;
    for line in list.lines().skip(1) {
        let (name, id) = line.split_once(',').expect("file and mapping");
        let bytes = std::fs::read(folder.join(name)).expect("the file is there");
        for chunk in chunks(name, &bytes, id).unwrap_or_else(|problem| panic!("{name}: {problem:?}")) {
            assert_eq!(chunk.problems, vec![], "{name}");
            seen += chunk.records.len() + chunk.readings.rows.len();
        }
    }
    assert!(seen > 50_000, "{seen}");
}

/// A sheet as laboratories send it: a title, names merged over the items of a group, units below them, days as
/// numbers of the sheet, and a word where the river was dry. 45662 is 2025-01-05 in spreadsheet programs.
#[test]
fn a_workbook_with_merged_headers_and_day_numbers() {
    use rust_xlsxwriter::{Format, Workbook};
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let plain = Format::new();
    let mut work = || -> Result<(), rust_xlsxwriter::XlsxError> {
        sheet.merge_range(0, 0, 0, 5, "2025年1月地表水监测结果", &plain)?;
        for (column, name) in [(0, "断面名称"), (1, "采样日期"), (5, "备注")] {
            sheet.merge_range(1, column, 3, column, name, &plain)?;
        }
        sheet.merge_range(1, 2, 1, 4, "监测项目", &plain)?;
        for (column, (name, unit)) in [("pH", "无量纲"), ("氨氮", "mg/L"), ("砷", "μg/L")].into_iter().enumerate()
        {
            sheet.write(2, column as u16 + 2, name)?.write(3, column as u16 + 2, unit)?;
        }
        sheet.write(4, 0, "一桥")?.write(4, 1, 45662)?.write(4, 2, 7.8)?.write(4, 3, 0.31)?.write(4, 4, "0.3L")?;
        sheet.write(5, 0, "二桥")?.write(5, 1, 45663)?.write(5, 2, "断流")?.write(5, 5, "断流")?;
        sheet.write(6, 1, 45663)?.write(6, 2, 7.7)?;
        Ok(())
    };
    work().expect("memory does not fail");
    let expect = "\
5 一桥 ph instant 2025-01-05T00:00:00+08:00 7.8 good
5 一桥 nh3n instant 2025-01-05T00:00:00+08:00 0.31 good
5 一桥 arsenic instant 2025-01-05T00:00:00+08:00 0.0003 below
6 二桥 dried_up instant 2025-01-06T00:00:00+08:00 1 good
6 二桥 ph instant 2025-01-06T00:00:00+08:00 - missing
6 二桥 nh3n instant 2025-01-06T00:00:00+08:00 - missing
6 二桥 arsenic instant 2025-01-06T00:00:00+08:00 - missing
! 7:断面名称 error station-missing ``
x 7
";
    let found = read(&book.save_to_buffer().expect("memory does not fail"), "lab-sheet-water");
    let mut lines: Vec<&str> = found.lines().collect();
    let mut wanted: Vec<&str> = expect.lines().collect();
    lines.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(lines, wanted);
}

#[test]
fn a_name_that_is_not_known_is_told_with_the_nearest_one() {
    let warned = |bytes: &[u8], id: &str| {
        let chunk = chunks("f.csv", bytes, id).expect("opens").next().expect("one chunk");
        chunk.problems[0].message.zh.clone()
    };
    let text = warned("断面,采样日期,氨氮浓度,总磷\nA,2025-01-05,1,1\n".as_bytes(), "lab-sheet-water");
    assert_eq!(text, "列 `氨氮浓度` 不在映射中，其内容没有导入；是否指“氨氮”？");
    let text = warned("对象,指标项,期间,数值,单位\n1,农作物秸杆可收集量,2025,1,t\n".as_bytes(), "facts");
    assert!(text.ends_with("；是否指“农作物秸秆可收集量”？"), "{text}");
    let text = warned("点位,采样时间,项目,结果,单位\nA,2025-01-05,高猛酸盐指数,1,mg/L\n".as_bytes(), "lab-sheet-long");
    assert!(text.ends_with("；是否指“高锰酸盐指数”？"), "{text}");
}

/// A polygon of a table may be longer than other cells, and GeoJSON may be packed or in another encoding.
#[test]
fn long_polygons_and_packed_features() {
    let corners: Vec<String> = (0..8000).map(|i| format!("{} {}", 104 + i, 30 + i)).collect();
    let wkt = format!("POLYGON(({}))", corners.join(","));
    assert!(wkt.len() > 1 << 16);
    let all = read(format!("parcel,layer,geometry\nR1,plot,\"{wkt}\"\n").as_bytes(), "parcels");
    assert_eq!(all, format!("2 datum=unknown geometry={wkt} layer=plot parcel=R1\n"));
    let feature = "{\"type\":\"Feature\",\"id\":7,\"properties\":{\"图层\":\"地块\"},\"geometry\":{\"type\":\"Point\",\"coordinates\":[104.60,30.10]}}";
    let expect = "1 datum=unknown geometry={\"type\":\"Point\",\"coordinates\":[104.60,30.10]} layer=plot parcel=7\n";
    assert_eq!(read(feature.as_bytes(), "parcels"), expect);
    assert_eq!(read(&gzip(feature.as_bytes()), "parcels"), expect);
    assert_eq!(refusal(feature.as_bytes(), "points").0, "wrong-format");
}

proptest! {
    /// Every feature is a record or a refused row, whatever its properties are.
    #[test]
    fn every_feature_is_a_record_or_a_reject(
        properties in proptest::collection::vec(("[a-z图层]{1,3}", "[a-z0-9\\\\\"]{0,5}"), 0..6),
        good in proptest::collection::vec(proptest::bool::ANY, 1..6),
    ) {
        let own: serde_json::Map<String, serde_json::Value> =
            properties.into_iter().map(|(name, value)| (name, value.into())).collect();
        let features: Vec<serde_json::Value> = good.iter().enumerate().map(|(at, good)| {
            let mut own = own.clone();
            own.insert("parcel".into(), at.into());
            own.insert("layer".into(), "plot".into());
            let kind = if *good { "Feature" } else { "feature" };
            serde_json::json!({"type": kind, "properties": own, "geometry": {"type": "Point", "coordinates": [1.50, 2]}})
        }).collect();
        let text = serde_json::json!({"type": "FeatureCollection", "features": features}).to_string();
        if !good.iter().any(|good| *good) {
            return Ok(());
        }
        if let Ok(all) = chunks("f", text.as_bytes(), "parcels") {
            let (mut records, mut rejects) = (0, 0);
            for chunk in all {
                records += chunk.records.len();
                rejects += chunk.rejects.len();
            }
            prop_assert_eq!(records, good.iter().filter(|good| **good).count());
            prop_assert_eq!(records + rejects, good.len());
        }
    }
}

/// What the indicators ask of departments is what the mappings of statistics know, by code and unit.
#[test]
fn every_item_of_the_indicators_has_a_name_in_the_table_of_facts() {
    let catalog = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../indicators/catalog");
    let Body::Records(body) = mapping("facts").form.body else { panic!("facts are records") };
    let mut seen = 0;
    for folder in std::fs::read_dir(catalog).expect("the catalog is there") {
        let file = folder.expect("readable").path().join("items/items.csv");
        let Ok(mut reader) = csv::Reader::from_path(&file) else { continue };
        let columns = reader.headers().expect("a header").clone();
        let at = |name: &str| columns.iter().position(|column| column == name).expect("a column");
        let (item, zh, unit) = (at("item"), at("name_zh"), at("unit"));
        for row in reader.records() {
            let row = row.expect("a row");
            let known = body.items.get(&row[zh]).filter(|known| known.code == row[item] && known.unit == row[unit]);
            let (item, unit, zh) = (&row[item], &row[unit], &row[zh]);
            assert!(known.is_some(), "add a row to catalog/facts/items.csv: {item},{unit},{zh}");
            seen += 1;
        }
    }
    assert!(seen > 200, "{seen}");
}
