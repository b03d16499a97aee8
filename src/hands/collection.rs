//! Which pictures a data set has and what their files are called.
