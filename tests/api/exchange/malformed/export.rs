//! JSON files that are no export of the page.

use reid_web::exchange::read_export;

use crate::exchange::malformed::says;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
fn json_that_is_no_export_is_refused() {
    for (what, json, expected) in [
        ("nothing", "", "not an export of embeddings: EOF"),
        ("another file of the page", r#"{"model":{},"perQuery":[]}"#, "missing field `images`"),
        ("no images", r#"{"images":[]}"#, "there is no embedding in it"),
        (
            "cut off",
            "{\"images\":[\n{\"path\":\"a\",\"embedding\":[1,0",
            "EOF while parsing a list at line 2 column 28",
        ),
        ("no path", r#"{"images":[{"embedding":[1]}]}"#, "missing field `path`"),
        (
            "an unknown set",
            r#"{"images":[{"path":"a","set":"train"}]}"#,
            "unknown variant `train`, expected `query` or `gallery`",
        ),
        (
            "NaN",
            r#"{"images":[{"path":"a","embedding":[1,null]}]}"#,
            "a (image 1 of the export): value 1 of the embedding is NaN",
        ),
        ("no values", r#"{"images":[{"path":"a","embedding":[]}]}"#, "there is no embedding in it"),
        (
            "two lengths",
            r#"{"images":[{"path":"a","embedding":[1]},{"path":"b","embedding":[1,0]}]}"#,
            "the embedding of b has 2 values, expected 1",
        ),
    ] {
        says(read_export(json.as_bytes()), expected, what);
    }
}

#[test]
fn images_that_an_export_has_twice_are_refused() {
    let image = |path: &str, set: &str, content: &str| {
        format!(r#"{{"path": "{path}", "set": {set}, "content": {content}, "embedding": [1, 0]}}"#)
    };
    let export = |images: &[String]| format!(r#"{{"images": [{}]}}"#, images.join(","));
    let hash = |digit: &str| format!("\"{}\"", digit.repeat(64));
    let (query, gallery, none, a, b) = (r#""query""#, r#""gallery""#, "null", hash("a"), hash("b"));
    let other = image("other.jpg", query, none);
    for (set, first, again) in
        [(query, none, none), (gallery, &a, &a), (none, none, none), (query, &a, none), (query, none, &a)]
    {
        let export = export(&[image("a.jpg", set, first), other.clone(), image("a.jpg", set, again)]);
        let expected = r#""a.jpg" appears twice in one set, as images 1 and 3 of the export"#;
        says(read_export(export.as_bytes()), expected, &export);
    }
    for (image_0, image_1) in [
        (image("a.jpg", query, none), image("a.jpg", gallery, none)),
        (image("a.jpg", query, &a), image("a.jpg", gallery, &a)),
        (image("a.jpg", query, &a), image("a.jpg", query, &b)),
        (image("a.jpg", query, &a), image("b.jpg", query, &a)),
    ] {
        let found = read_export(export(&[image_0, image_1]).as_bytes());
        assert_eq!(found.unwrap().images.len(), 2);
    }
}
