fn main() {
    let a: Vec<String> = std::env::args().collect();
    let f = |i: usize| a[i].parse::<f64>().unwrap();
    let mut s = sim::Scenario::single(f(1), f(2), f(3) as u32, a.get(4).filter(|p| *p != "-").map(|_| f(4)));
    if a.len() > 5 && a[5] != "-" { s.hours = Some(f(5)); }
    if a.len() > 6 { s.seed = Some(f(6) as u64); }
    s.check = Some(false);
    println!("{}", serde_json::to_string(&sim::simulate(&s).unwrap()).unwrap());
}
