//! tmp
use reid_web::hands::*;
fn main() {
    let a: Vec<u64> = std::env::args().skip(2).map(|x| x.parse().unwrap()).collect();
    let (first, n, m, side) = (a[0], a[1], a[2], a[3] as u32);
    let mut sheet = image::RgbImage::new(side * m as u32, side * n as u32);
    let t = std::time::Instant::now();
    for i in 0..n { for j in 0..m {
        let d = draw(&Hand::new(7, first + i), &Shot::new(7, first + i, j), side);
        let im = image::RgbImage::from_raw(side, side, d.image.pixels).unwrap();
        image::imageops::replace(&mut sheet, &im, (j as u32 * side).into(), (i as u32 * side).into());
    }}
    println!("{:?} each", t.elapsed() / (n * m) as u32);
    sheet.save(std::env::args().nth(1).unwrap()).unwrap();
}
