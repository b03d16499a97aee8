//! WGSL that is put together from files.

/// A file below `wgsl/`.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// Its path without the ending.
    pub path: &'static str,
    /// WGSL with `{{ placeholder }}`s in it.
    pub text: &'static str,
}

/// The [`Part`] of this path.
macro_rules! wgsl {
    ($path:literal) => {
        $crate::kernels::gpu::shader::Part {
            path: $path,
            text: include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/kernels/gpu/wgsl/", $path, ".wgsl")),
        }
    };
}
pub(super) use wgsl;

/// A shader whose placeholders are filled in.
#[derive(Clone, Debug)]
pub struct Shader {
    parts: Vec<Part>,
    inserts: Vec<(&'static str, Part)>,
    constants: Vec<(&'static str, String)>,
    repeats: Vec<(&'static str, usize)>,
}

/// Everything that tells one shader's text from another's.
pub type ShaderId = (Vec<&'static str>, Vec<(&'static str, String)>, Vec<(&'static str, usize)>);

impl Shader {
    /// - `parts`: one after another
    pub fn new(parts: &[Part]) -> Self {
        Self { parts: parts.to_vec(), inserts: Vec::new(), constants: Vec::new(), repeats: Vec::new() }
    }

    /// Appends a part.
    #[must_use]
    pub fn part(mut self, part: Part) -> Self {
        self.parts.push(part);
        self
    }

    /// Puts a part in the place of a placeholder.
    #[must_use]
    pub fn insert(mut self, placeholder: &'static str, part: Part) -> Self {
        self.inserts.push((placeholder, part));
        self
    }

    /// Repeats each line that has `{{ index }}` in it, with 0, 1, … in its place. What would be in an array is then in
    /// registers; drivers that do not unroll loops put arrays into memory.
    #[must_use]
    pub fn for_each(mut self, index: &'static str, count: usize) -> Self {
        self.repeats.push((index, count));
        self
    }

    /// Fills in a constant.
    #[must_use]
    pub fn with(mut self, constant: &'static str, value: &impl ToString) -> Self {
        self.constants.push((constant, value.to_string()));
        self
    }

    /// The text as it runs.
    pub fn text(&self) -> String {
        let mut text: String = self.parts.iter().map(|part| part.text).collect();
        for (name, part) in &self.inserts {
            text = text.replace(&placeholder(name), part.text);
        }
        for (constant, value) in &self.constants {
            text = text.replace(&placeholder(constant), value);
        }
        for (index, count) in &self.repeats {
            text = repeated(&text, &placeholder(index), *count);
        }
        text
    }

    /// What the text depends on.
    pub fn id(&self) -> ShaderId {
        let inserts = self.inserts.iter().map(|(_, part)| part);
        let paths = self.parts.iter().chain(inserts).map(|part| part.path).collect();
        (paths, self.constants.clone(), self.repeats.clone())
    }
}

fn placeholder(name: &str) -> String {
    format!("{{{{ {name} }}}}")
}

fn repeated(text: &str, index: &str, count: usize) -> String {
    let mut all = String::with_capacity(2 * text.len());
    for line in text.split_inclusive('\n') {
        if line.contains(index) {
            all.extend((0..count).map(|number| line.replace(index, &number.to_string())));
        } else {
            all.push_str(line);
        }
    }
    all
}
