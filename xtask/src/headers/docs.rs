//! Doc comments: what a C reader gets to see of them.

/// Widest line of a header.
const WIDTH: usize = 100;
/// Start of the paragraph that says what the caller has to ensure.
const REQUIRES: &str = "Requires: ";
const DIRECTIVE: &str = "cbindgen:";

/// A doc comment, taken apart.
#[derive(Default)]
pub struct Docs {
    /// The text for the header, line by line.
    pub lines: Vec<String>,
    /// What follows `cbindgen:` in lines of its own, for example `tag=Foo`.
    pub directives: Vec<String>,
}

/// Cleans the lines of a doc comment that is indented by `indent` columns in the header.
///
/// A section `# Safety` becomes a paragraph "Requires: ...", links of rustdoc become plain words, paragraphs are filled anew.
pub fn clean(lines: &[String], indent: usize) -> Result<Docs, String> {
    let mut docs = Docs::default();
    let mut paragraphs: Vec<String> = Vec::new();
    let mut open = false; // a following line continues the last paragraph
    let mut requires = false;
    for line in lines {
        let line = line.strip_prefix(' ').unwrap_or(line).trim_end();
        if line.contains("*/") {
            return Err(format!("a doc comment would end the C comment: {line}"));
        }
        if let Some(directive) = line.strip_prefix(DIRECTIVE) {
            docs.directives.push(directive.trim().to_string());
        } else if line.trim() == "# Safety" {
            requires = true;
            open = false;
        } else if line.is_empty() {
            open = false;
            if paragraphs.last().is_some_and(|p| !p.is_empty()) {
                paragraphs.push(String::new());
            }
        } else {
            let words = line.trim_start().replace("[`", "`").replace("`]", "`").replace("`r#", "`");
            let own_line = line.starts_with(['*', '-', '|']) || line.starts_with("    ");
            if open && !own_line {
                let last = paragraphs.last_mut().ok_or("internal: no paragraph is open")?;
                last.push(' ');
                last.push_str(&words);
            } else {
                paragraphs.push(if requires { format!("{REQUIRES}{words}") } else { words });
                requires = false;
            }
            open = true;
        }
    }
    while paragraphs.last().is_some_and(String::is_empty) {
        paragraphs.pop();
    }
    for paragraph in paragraphs {
        fill(&paragraph, WIDTH - indent - " * ".len(), &mut docs.lines);
    }
    Ok(docs)
}

/// Breaks a paragraph into lines of at most `width` columns.
fn fill(paragraph: &str, width: usize, lines: &mut Vec<String>) {
    let mut line = String::new();
    for word in paragraph.split(' ').filter(|w| !w.is_empty()) {
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
}

#[cfg(test)]
mod tests {
    use super::clean;

    fn cleaned(text: &str) -> Vec<String> {
        let lines: Vec<String> = text.lines().map(|l| format!(" {l}")).collect();
        clean(&lines, 0).map(|d| d.lines).unwrap_or_default()
    }

    #[test]
    fn a_safety_section_says_what_the_caller_ensures() {
        let text = "Copies.\n\n# Safety\n`buf` is NULL or\nwritable.";
        assert_eq!(cleaned(text), ["Copies.", "", "Requires: `buf` is NULL or writable."]);
    }

    #[test]
    fn directives_are_taken_out() {
        let lines = [" One table.".to_string(), " cbindgen:tag=Foo".to_string()];
        let docs = clean(&lines, 0).unwrap_or_default();
        assert_eq!((docs.lines, docs.directives), (vec!["One table.".to_string()], vec!["tag=Foo".to_string()]));
    }

    #[test]
    fn paragraphs_are_filled_and_lists_are_kept() {
        let long = "word ".repeat(30);
        assert!(cleaned(&long).iter().all(|line| line.len() <= 97));
        assert_eq!(cleaned("a\nb\n* c\n* d"), ["a b", "* c", "* d"]);
    }

    #[test]
    fn the_end_of_a_comment_is_refused() {
        assert!(clean(&[" a */ b".to_string()], 0).is_err());
    }
}
