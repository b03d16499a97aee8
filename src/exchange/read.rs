use super::{ExchangeError, ImportedImage, ImportedSet, read_export, read_mat};
use crate::dataset::labels_from_paths;

/// Reads a file of embeddings by its ending, `npy` with a CSV of labels, `mat` or `json`.
///
/// What the file does not say is read off the paths, as for images that are dropped: the set of each image, and if a
/// CSV names no identity at all, identities and cameras.
///
/// # Errors
///
/// Another ending, a `.npy` file without labels, and what [`ImportedSet::from_npy_and_csv`], [`read_mat`] and
/// [`read_export`] refuse.
///
/// ```
/// # use reid_web::{dataset::Set, exchange::read_embeddings};
/// let json = br#"{"images": [{"path": "gallery/0001/a.jpg", "embedding": [0, 1]}]}"#;
/// let imported = read_embeddings("json", json, None)?;
/// assert_eq!(imported.images[0].set, Some(Set::Gallery));
/// # Ok::<(), reid_web::Error>(())
/// ```
pub fn read_embeddings(
    ending: &str,
    bytes: &[u8],
    labels: Option<&[u8]>,
) -> Result<ImportedSet, ExchangeError> {
    let mut imported = match ending {
        "npy" => ImportedSet::from_npy_and_csv(bytes, labels.ok_or(ExchangeError::NoLabels)?)?,
        "mat" => read_mat(bytes)?,
        "json" => read_export(bytes)?,
        _ => return Err(ExchangeError::Ending(ending.to_owned())),
    };
    let are_labels_unknown = ending == "npy" && imported.images.iter().all(|image| image.identity.is_none());
    read_off_paths(&mut imported.images, are_labels_unknown);
    Ok(imported)
}

fn read_off_paths(images: &mut [ImportedImage], are_labels_unknown: bool) {
    let labels = labels_from_paths(&images.iter().map(|image| image.path.as_str()).collect::<Vec<_>>());
    for (image, label) in images.iter_mut().zip(labels) {
        image.set = image.set.or(label.set);
        if are_labels_unknown {
            image.identity = label.identity;
            image.camera = image.camera.take().or(label.camera);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Set;
    use crate::embedding::EmbeddingRows;
    use crate::exchange::write_npy;

    fn npy() -> Vec<u8> {
        write_npy(EmbeddingRows::new(&[1.0, 0.0, 0.0, 1.0], 2).unwrap())
    }

    fn read(csv: &str) -> Vec<ImportedImage> {
        read_embeddings("npy", &npy(), Some(csv.as_bytes())).unwrap().images
    }

    #[test]
    fn paths_alone_tell_sets_identities_and_cameras() {
        let images = read("path\nquery/0001/a.jpg\nbounding_box_test/0002_c3s1_000151_01.jpg\n");
        assert_eq!(
            images.iter().map(|image| image.set).collect::<Vec<_>>(),
            [Some(Set::Query), Some(Set::Gallery)]
        );
        assert_eq!(images[0].identity.as_deref(), Some("0001"));
        assert_eq!(images[1].identity.as_deref(), Some("0002"));
        assert_eq!(images[1].camera.as_deref(), Some("3"));
    }

    #[test]
    fn what_the_file_says_is_believed() {
        let images = read("path,set,identity\nquery/0001/a.jpg,gallery,0007\nquery/0002/b.jpg,query,\n");
        assert_eq!((images[0].set, images[0].identity.as_deref()), (Some(Set::Gallery), Some("0007")));
        assert_eq!(images[1].identity, None, "an empty cell among others is unknown");
    }

    #[test]
    fn what_no_path_says_stays_open() {
        assert_eq!(
            read("path\na.jpg\nb.jpg\n")[0],
            ImportedImage { path: "a.jpg".to_owned(), ..ImportedImage::default() }
        );
    }

    #[test]
    fn labels_that_are_missing_and_other_endings_are_named() {
        let message = |ending| read_embeddings(ending, &npy(), None).unwrap_err().to_string();
        assert!(message("npy").contains("CSV"), "{}", message("npy"));
        assert!(message("h5").contains(".h5"), "{}", message("h5"));
    }
}
