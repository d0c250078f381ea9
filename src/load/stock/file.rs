//! Resources that a file tells of, for targets that may not be seeded: `id,userName[,groupId]` as CSV.
//!
//! The first line names the columns, in any order; other columns are let pass. Nothing of it is ours.

use std::collections::HashSet;

/// What a file tells of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Users: id and userName.
    pub users: Vec<(String, String)>,
    /// Ids of groups.
    pub groups: Vec<String>,
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct BadFile {
    /// Line, from 1.
    pub line: usize,
    /// What it is, a clause.
    pub what: String,
    /// What to write.
    pub hint: String,
}

/// Where the columns are.
struct Columns {
    id: usize,
    user_name: usize,
    group: Option<usize>,
    number: usize,
}

/// Reads a file.
///
/// # Errors
/// At the first line that is of no use.
pub fn read(text: &str) -> Result<Told, BadFile> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty());
    let hint = "the first line names the columns: id,userName or id,userName,groupId";
    let Some((at, head)) = lines.next() else {
        return Err(bad(1, "the file is empty", hint));
    };
    let columns = columns(at, head, hint)?;
    let mut told = Told::default();
    let (mut users, mut groups) = (HashSet::new(), HashSet::new());
    for (at, line) in lines {
        let cells = cells(at, line)?;
        if cells.len() != columns.number {
            let (has, of) = (cells.len(), columns.number);
            let what = format!("the line has {has} cells where the first line has {of}");
            return Err(bad(
                at,
                &what,
                "put a value that holds a comma in \"quotes\"",
            ));
        }
        let cell = |column: usize| cells.get(column).map_or("", |cell| cell.trim());
        let (id, name) = (cell(columns.id), cell(columns.user_name));
        for (value, column) in [(id, "id"), (name, "userName")] {
            if value.is_empty() || value.contains(char::is_control) {
                let what = format!("the {column} is empty or holds control characters");
                return Err(bad(at, &what, "every line tells of one user"));
            }
        }
        if users.insert(id.to_owned()) {
            told.users.push((id.to_owned(), name.to_owned()));
        }
        let group = columns.group.map_or("", cell);
        if !group.is_empty() && groups.insert(group.to_owned()) {
            told.groups.push(group.to_owned());
        }
    }
    if told.users.is_empty() {
        return Err(bad(at, "no user follows", "write a line for each user"));
    }
    Ok(told)
}

fn columns(at: usize, head: &str, hint: &str) -> Result<Columns, BadFile> {
    let cells = cells(at, head)?;
    let find = |name: &str| {
        let named = |cell: &String| cell.trim().eq_ignore_ascii_case(name);
        cells.iter().position(named)
    };
    let need = |name: &str| {
        find(name).ok_or_else(|| bad(at, &format!("the first line names no column {name}"), hint))
    };
    Ok(Columns {
        id: need("id")?,
        user_name: need("userName")?,
        group: find("groupId"),
        number: cells.len(),
    })
}

/// The cells of a line, quotes as RFC 4180 has them.
fn cells(at: usize, line: &str) -> Result<Vec<String>, BadFile> {
    let mut cells = Vec::new();
    let mut rest = line;
    loop {
        let (cell, after) = if let Some(quoted) = rest.trim_start().strip_prefix('"') {
            quoted_cell(at, quoted)?
        } else {
            let end = rest.find(',').unwrap_or(rest.len());
            let (cell, after) = rest.split_at(end);
            (cell.to_owned(), after)
        };
        cells.push(cell);
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None => return Ok(cells),
        }
    }
}

/// A cell after its opening quote, and what follows the closing one.
fn quoted_cell(at: usize, quoted: &str) -> Result<(String, &str), BadFile> {
    let mut cell = String::new();
    let mut rest = quoted;
    loop {
        let Some((before, after)) = rest.split_once('"') else {
            let hint = "close it on the same line; a quote within is written twice: \"\"";
            return Err(bad(at, "a quote is not closed", hint));
        };
        cell.push_str(before);
        if let Some(after) = after.strip_prefix('"') {
            cell.push('"');
            rest = after;
            continue;
        }
        let after = after.trim_start();
        if after.is_empty() || after.starts_with(',') {
            return Ok((cell, after));
        }
        let hint = "a quote within is written twice: \"\"";
        return Err(bad(at, "something follows a closing quote", hint));
    }
}

fn bad(line: usize, what: &str, hint: &str) -> BadFile {
    BadFile {
        line,
        what: what.to_owned(),
        hint: hint.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_come_in_any_order_and_users_once() {
        let text = "\u{feff}userName , extra, ID,groupId\r\nada@x,1,u1,g1\r\n\"o \"\"b\"\", c\",,u2,\n\nada@x,1,u1,g2\n";
        let told = read(text).unwrap();
        let users = [("u1", "ada@x"), ("u2", "o \"b\", c")];
        assert_eq!(
            told.users,
            users.map(|(id, name)| (id.to_owned(), name.to_owned()))
        );
        assert_eq!(told.groups, ["g1", "g2"]);
    }

    #[test]
    fn a_bad_line_is_named_with_what_is_wrong() {
        for (text, line, part) in [
            ("", 1, "is empty"),
            ("id,userName\n", 1, "no user follows"),
            ("u1,ada\nu2,bob\n", 1, "no column id"),
            ("id,name\nu1,ada\n", 1, "no column userName"),
            (
                "id,userName\nu1,ada\nu2\n",
                3,
                "1 cells where the first line has 2",
            ),
            ("id,userName\nu1,a,b\n", 2, "3 cells"),
            ("id,userName\n\n,ada\n", 3, "the id is empty"),
            ("id,userName\nu1,\"ada\n", 2, "not closed"),
            ("id,userName\nu1,\"a\"b\n", 2, "follows a closing quote"),
            ("id,userName\nu1,a\u{7}b\n", 2, "control characters"),
        ] {
            let error = read(text).unwrap_err();
            assert_eq!(error.line, line, "{text:?}: {error:?}");
            assert!(error.what.contains(part), "{text:?}: {error:?}");
            assert!(!error.hint.is_empty());
        }
    }
}
