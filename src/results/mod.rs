//! What is saved and shown of an evaluation: made once, for the page and the command line alike.
//!
//! ```text
//! set_facts.rs     labels of a set               ──▶ images, identities, cameras, fingerprint
//! named.rs         results by index              ──▶ results by path
//! saved_study.rs   a study, and its origin       ──▶ metrics JSON
//! protocols.rs     an evaluation protocol        ──▶ metrics JSON
//! tables.rs        metrics JSON                  ──▶ metrics CSV, CSV of the queries
//! ranks.rs         a ranker                      ──▶ ranks CSV
//! summary/         a study, a protocol           ──▶ text
//! ```
//!
//! In files, images are named by their paths, so that a file says everything without the images beside it.

mod named;
mod protocols;
mod ranks;
mod saved_study;
mod set_facts;
mod summary;
mod tables;

pub use named::{ChangeByPath, Paths, QueryByPath, QueryValues};
pub use protocols::{leave_one_out_json, single_shot_json, splits_json};
pub use ranks::write_ranks;
pub use saved_study::{NamedStudy, Origin, SavedStudy};
pub use set_facts::{DataFacts, SetFacts, fingerprint};
pub use summary::{leave_one_out_text, notes_on, single_shot_text, splits_text, study_text};
pub use tables::{write_metrics, write_query_results};
