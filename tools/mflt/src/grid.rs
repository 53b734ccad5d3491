//! Text in aligned columns.

use crate::printable::one_line;
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr as _;

/// A wider cell does not make its column wider: one long text would push everything else off the screen.
const MAX_WIDTH: usize = 48;

/// Where the text of a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Left,
    Right,
}

/// Rows of cells. Cells may hold any text: nothing of it acts on the terminal.
#[derive(Debug)]
pub struct Grid {
    columns: Vec<(&'static str, Side)>,
    rows: Vec<Vec<String>>,
}

impl Grid {
    /// A grid with these columns; without any title there is no line of titles.
    pub fn new(columns: &[(&'static str, Side)]) -> Self {
        Self { columns: columns.to_vec(), rows: Vec::new() }
    }

    /// True without any row.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Adds a row; cells that are missing are empty.
    pub fn row<C: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = C>) {
        self.rows.push(cells.into_iter().map(|cell| one_line(cell.as_ref()).into_owned()).collect());
    }

    /// Writes the rows, each after `indent` blanks. Columns without any text are left out.
    pub fn write(&self, out: &mut String, indent: usize, colour: bool) {
        let cells = |index: usize| self.rows.iter().filter_map(move |row| row.get(index));
        let shown: Vec<(usize, &str, Side, usize)> = self
            .columns
            .iter()
            .enumerate()
            .filter(|(index, _)| cells(*index).any(|cell| !cell.is_empty()))
            .map(|(index, (title, side))| {
                let widths = cells(index).map(|cell| cell.width()).filter(|&width| width <= MAX_WIDTH);
                (index, *title, *side, widths.max().unwrap_or_default().max(title.width()))
            })
            .collect();
        let mut line = |texts: &mut dyn Iterator<Item = (&str, Side, usize)>, on: &str, off: &str| {
            let mut text = String::new();
            for (cell, side, width) in texts {
                let missing = width.saturating_sub(cell.width());
                let (before, after) = if side == Side::Right { (missing, 0) } else { (0, missing) };
                let _ = write!(text, "{:before$}{cell}{:after$}  ", "", "");
            }
            let _ = writeln!(out, "{:indent$}{on}{}{off}", "", text.trim_end());
        };
        if !self.rows.is_empty() && self.columns.iter().any(|(title, _)| !title.is_empty()) {
            let (on, off) = if colour { ("\x1b[2m", "\x1b[0m") } else { ("", "") };
            line(&mut shown.iter().map(|&(_, title, side, width)| (title, side, width)), on, off);
        }
        for row in &self.rows {
            let cell = |index: usize| row.get(index).map_or("", String::as_str);
            line(&mut shown.iter().map(|&(index, _, side, width)| (cell(index), side, width)), "", "");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_empty_ones_left_out() {
        let mut grid =
            Grid::new(&[("NAME", Side::Left), ("VALUE", Side::Right), ("NOTE", Side::Left), ("X", Side::Left)]);
        grid.row(["speed", "12", "", ""]);
        grid.row(["température", "-3.7", "", "out of range"]);
        grid.row(["漢字", "7"]);
        let mut out = String::new();
        grid.write(&mut out, 2, false);
        assert_eq!(
            out,
            "  NAME         VALUE  X\n  speed           12\n  température   -3.7  out of range\n  漢字             7\n"
        );
    }

    #[test]
    fn long_and_hostile_cells_stay_in_their_row() {
        let mut grid = Grid::new(&[("", Side::Left), ("", Side::Left)]);
        grid.row(["a".repeat(60).as_str(), "\x1b[2Jclear\nnext"]);
        grid.row(["b", "c"]);
        let mut out = String::new();
        grid.write(&mut out, 0, true);
        assert_eq!(out, format!("{}  clear next\nb  c\n", "a".repeat(60)));
    }
}
