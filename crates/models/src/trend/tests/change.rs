//! Changes of the level of the Nile's yearly flow at Aswan, 1871 to 1970, against R.

use crate::trend::{breaks, pettitt};

/// Annual flow [10⁸ m³], 1871–1970: R `datasets::Nile` (Durbin and Koopman 2001; Cobb 1978).
const NILE: [u16; 100] = [
    1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799, 958, 1140,
    1100, 1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701, 916, 692, 1020, 1050, 969, 831,
    726, 456, 824, 702, 1120, 1100, 832, 764, 821, 768, 845, 864, 862, 698, 845, 744, 796, 1040, 759, 781, 865, 845,
    944, 984, 897, 822, 1010, 771, 676, 649, 846, 812, 742, 801, 1040, 860, 874, 848, 890, 744, 749, 838, 1050, 918,
    986, 797, 923, 975, 815, 1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740,
];

fn nile() -> Vec<Option<f64>> {
    NILE.iter().map(|flow| Some(f64::from(*flow))).collect()
}

/// R trend `pettitt.test(Nile)`: K = 1617, change after value 28 (1898), p = 3.591e-07.
#[test]
fn pettitt_finds_the_dam() {
    let got = pettitt(&nile(), 0.05).expect("a case that has an answer");
    assert_eq!((got.k, got.tau, got.last_before, got.significant), (1617.0, 28, 27, true));
    assert!((got.p / 3.59102217693629e-07 - 1.0).abs() < 1e-12, "{}", got.p);
    assert_eq!((got.mean_before, got.mean_after.round()), (1097.75, 850.0));
}

/// R strucchange 1.5-3, `breakpoints(Nile ~ 1)` and `Fstats(Nile ~ 1)`, h = 0.15.
#[test]
fn breaks_are_those_of_strucchange() {
    let got = breaks(&nile(), 0.15).expect("a case that has an answer");
    assert_eq!(got.last_before, [27]);
    let rss = [2835156.75, 1597457.19444444, 1552923.6157754, 1538096.5127451, 1507888.47591645, 1659993.50042626];
    let bic =
        [1318.24180687618, 1270.08373573957, 1276.46670075535, 1284.71766744891, 1291.94447688727, 1310.7651547659];
    assert_eq!(got.by_number.len(), rss.len());
    for ((own, rss), bic) in got.by_number.iter().zip(rss).zip(bic) {
        assert!((own.rss / rss - 1.0).abs() < 1e-12, "{} {rss}", own.rss);
        assert!((own.bic / bic - 1.0).abs() < 1e-12, "{} {bic}", own.bic);
    }
    let sup_f = got.sup_f.expect("a case that has an answer");
    assert!((sup_f / 75.9297694274854 - 1.0).abs() < 1e-12, "{sup_f}");
}

/// By hand: a gap shifts the place, not the count.
#[test]
fn a_gap_shifts_the_place_of_a_change() {
    let series = [Some(1.0), None, Some(1.0), Some(1.5), Some(9.0), Some(9.5), None, Some(9.0)];
    let got = pettitt(&series, 0.05).expect("a case that has an answer");
    assert_eq!((got.tau, got.last_before, got.k, got.n, got.missing), (3, 3, 9.0, 6, 2));
    assert_eq!(breaks(&series, 0.3).expect("a case that has an answer").last_before, [3]);
}
