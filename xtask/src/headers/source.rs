//! What a Rust file of `src/ffi` contributes to its header.
//!
//! In the order of the file:
//!
//! * `pub const MEMFAULT_...` with a number: a `#define`;
//! * `pub` types with `#[repr(C)]`, and `pub type X = unsafe extern "C" fn(..)`: a `typedef`. If the file writes
//!   `NonNull<X>` it is one of the function type (`typedef bool(X)(..)`), else of the pointer;
//! * `#[unsafe(no_mangle)]` functions and statics;
//! * functions and statics of an `extern` block that have a doc comment: what the firmware, or a C unit of the library, defines;
//! * the default behind `weak_fn!("name" = default)`, under that name, if the default has a doc comment and no `extern` block has
//!   the name;
//! * marked C text: a comment line `// C header:` and the lines `// | ...` below it. Its `#include` lines go to the top;
//! * `mod x;`: what the file of that module contributes, if that is marked, too (see [`modules`](super::modules)).
//!
//! The rest of the file is for Rust only. Doc comments go into the header (see [`docs`](super::docs)); lines in them direct the
//! generator: `cbindgen:tag=Foo` names the struct, union or enum, `cbindgen:tag-only=Foo` leaves out its typedef as well (another
//! header has it), `cbindgen:function-type` is for a function type that the file does not write as `NonNull<X>`, and
//! `cbindgen:ignore` keeps an item out of the header. Names that begin with `memfault_rs_` or `g_memfault_rs_` are
//! never in one.
use super::docs;
use proc_macro2::Span;
use quote::{ToTokens, quote};
use std::collections::HashMap;
use std::mem::take;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Item, Lit, Meta, Visibility};

/// Words may follow on the line.
const MARK: &str = "// C header:";
const MARKED: &str = "// |";

/// A part of the header, in order.
#[derive(Debug, PartialEq)]
pub enum Part {
    /// An item of this name, for cbindgen to write.
    Item(String),
    /// C text.
    Text(String),
    /// A module in a file of its own, which may have more parts.
    Module(String),
}

/// How a type is named in C.
#[derive(Debug, PartialEq)]
pub enum Tag {
    /// `typedef struct Tag {..} Name;`
    Typedef(String),
    /// `struct Tag {..};`
    Only(String),
}

#[derive(Default, Debug)]
pub struct Source {
    /// Opening comment of the header.
    pub title: String,
    /// `#include` lines.
    pub includes: Vec<String>,
    pub parts: Vec<Part>,
    /// Rust text with the items only.
    pub rust: String,
    pub tags: HashMap<String, Tag>,
    /// Names of the function types.
    pub function_types: Vec<String>,
}

/// Is this file the source of a header?
pub fn is_marked(text: &str) -> bool {
    text.lines().any(|line| line.trim().starts_with(MARK))
}

pub fn parse(text: &str) -> Result<Source, String> {
    let file = syn::parse_file(text).map_err(|e| format!("line {}: {e}", e.span().start().line))?;
    let mut collector = Collector { weak: weak_defaults(&file.items)?, ..Collector::default() };
    for item in file.items {
        collector.item(item)?;
    }
    if let Some(name) = collector.weak.keys().next() {
        return Err(format!("weak_fn!: the default of {name} is not a function of this file"));
    }
    let mut source = collector.source;
    source.function_types.extend(function_types(text));
    source.title = title(&doc_lines(&file.attrs));
    let mut parts = collector.parts;
    for (line, text) in marked_blocks(text) {
        let (includes, rest): (Vec<&str>, Vec<&str>) = text.iter().partition(|l| l.starts_with("#include "));
        source.includes.extend(includes.into_iter().map(str::to_string));
        let rest = rest.join("\n");
        if !rest.trim().is_empty() {
            parts.push((line, Part::Text(rest.trim_matches('\n').to_string())));
        }
    }
    parts.sort_by_key(|(line, _)| *line);
    source.parts = parts.into_iter().map(|(_, part)| part).collect();
    Ok(source)
}

/// The marked C text: line number of the mark, and the lines.
fn marked_blocks(text: &str) -> Vec<(usize, Vec<&str>)> {
    let mut blocks: Vec<(usize, Vec<&str>)> = Vec::new();
    let mut open = false;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with(MARK) {
            blocks.push((number + 1, Vec::new()));
            open = true;
        } else if let (true, Some(c)) = (open, line.strip_prefix(MARKED)) {
            if let Some((_, lines)) = blocks.last_mut() {
                lines.push(c.strip_prefix(' ').unwrap_or(c));
            }
        } else {
            open = false;
        }
    }
    blocks
}

/// Names inside `NonNull<..>`.
fn function_types(text: &str) -> Vec<String> {
    let word = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    text.split("NonNull<").skip(1).map(word).filter(|w| w.len() > 1).collect()
}

/// From the module's documentation, "`path` (spec x): what.", its first paragraph: "what (spec x)."
fn title(lines: &[String]) -> String {
    let paragraph: Vec<&str> = lines.iter().map(|l| l.trim()).take_while(|l| !l.is_empty()).collect();
    let text = paragraph.join(" ");
    let Some((head, what)) = text.split_once("): ") else { return text };
    let Some((_, spec)) = head.split_once(" (") else { return text };
    let mut letters = what.chars();
    let what = letters.next().map(|c| c.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default();
    let what = what.strip_suffix('.').unwrap_or(&what);
    format!("{what} ({spec}).")
}

/// Name of the default -> exported name, of every `weak_fn!` whose default has a doc comment.
fn weak_defaults(items: &[Item]) -> Result<HashMap<String, String>, String> {
    let mut found = HashMap::new();
    for item in items {
        let Item::Macro(call) = item else { continue };
        if !call.mac.path.is_ident("weak_fn") {
            continue;
        }
        let text = call.mac.tokens.to_string();
        let (name, default) = text.split_once('=').ok_or_else(|| format!("weak_fn!: no default in {text}"))?;
        let default = default.rsplit(':').next().unwrap_or(default).trim().to_string();
        let documented = items.iter().any(|item| match item {
            Item::Fn(f) => f.sig.ident == default && !doc_lines(&f.attrs).is_empty(),
            _ => false,
        });
        let name = name.trim().trim_matches('"').to_string();
        if documented && !has_extern(items, &name) {
            found.insert(default, name);
        }
    }
    Ok(found)
}

/// Is there a documented function of this name in an `extern` block?
fn has_extern(items: &[Item], name: &str) -> bool {
    items.iter().any(|item| match item {
        Item::ForeignMod(block) => block.items.iter().any(|item| match without_safe(item.clone()) {
            Ok(syn::ForeignItem::Fn(f)) => f.sig.ident == name && !doc_lines(&f.attrs).is_empty(),
            _ => false,
        }),
        _ => false,
    })
}

/// `safe fn` in an `extern` block, which syn 2 does not take apart.
fn without_safe(item: syn::ForeignItem) -> Result<syn::ForeignItem, String> {
    let syn::ForeignItem::Verbatim(tokens) = item else { return Ok(item) };
    let is_safe =
        |token: &proc_macro2::TokenTree| matches!(token, proc_macro2::TokenTree::Ident(word) if word == "safe");
    let tokens: proc_macro2::TokenStream = tokens.into_iter().filter(|token| !is_safe(token)).collect();
    syn::parse2(tokens).map_err(|e| format!("line {}: {e}", e.span().start().line))
}

/// A function pointer, or one that may be NULL.
fn is_callback(ty: &syn::Type) -> bool {
    match ty {
        syn::Type::BareFn(_) => true,
        syn::Type::Path(path) => path.path.segments.last().is_some_and(|last| match &last.arguments {
            syn::PathArguments::AngleBracketed(of) if last.ident == "Option" => {
                matches!(of.args.first(), Some(syn::GenericArgument::Type(syn::Type::BareFn(_))))
            }
            _ => false,
        }),
        _ => false,
    }
}

#[derive(Default)]
struct Collector {
    source: Source,
    parts: Vec<(usize, Part)>,
    weak: HashMap<String, String>,
}

impl Collector {
    fn item(&mut self, item: Item) -> Result<(), String> {
        match item {
            Item::Const(ref c) if is_pub(&c.vis) && c.ident.to_string().starts_with("MEMFAULT_") => self.whole(item),
            Item::Struct(ref s) if is_pub(&s.vis) && is_repr_c(&s.attrs) => self.whole(item),
            Item::Union(ref u) if is_pub(&u.vis) && is_repr_c(&u.attrs) => self.whole(item),
            Item::Enum(ref e) if is_pub(&e.vis) && is_repr_c(&e.attrs) => self.whole(item),
            Item::Type(ref t) if is_pub(&t.vis) && is_callback(&t.ty) => self.whole(item),
            Item::Mod(m) if m.content.is_none() => {
                self.parts.push((m.span().start().line, Part::Module(m.ident.to_string())));
                Ok(())
            }
            Item::Static(s) if is_no_mangle(&s.attrs) => {
                let (name, ty, span) = (s.ident.to_string(), s.ty.clone(), s.span());
                self.global(&name, &ty, &s.mutability.to_token_stream(), span, s.attrs)
            }
            Item::Fn(f) => {
                let default = f.sig.ident.to_string();
                let weak = self.weak.remove(&default);
                if weak.is_none() && !is_no_mangle(&f.attrs) {
                    return Ok(());
                }
                let span = f.span();
                self.function(&weak.unwrap_or(default), &f.sig, span, f.attrs)
            }
            Item::ForeignMod(block) => {
                for item in block.items {
                    match without_safe(item)? {
                        syn::ForeignItem::Fn(f) if !doc_lines(&f.attrs).is_empty() => {
                            let (name, span) = (f.sig.ident.to_string(), f.span());
                            self.function(&name, &f.sig, span, f.attrs)?;
                        }
                        syn::ForeignItem::Static(s) if !doc_lines(&s.attrs).is_empty() => {
                            let (name, ty, span) = (s.ident.to_string(), s.ty.clone(), s.span());
                            let mutability = s.mutability.to_token_stream();
                            self.global(&name, &ty, &mutability, span, s.attrs)?;
                        }
                        _ => {}
                    }
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// A constant or type: as it is, but for the doc comments.
    fn whole(&mut self, mut item: Item) -> Result<(), String> {
        let span = item.span();
        let (ident, attrs, members) = match &mut item {
            Item::Const(c) => (&c.ident, &mut c.attrs, Vec::new()),
            Item::Struct(s) => (&s.ident, &mut s.attrs, s.fields.iter_mut().map(|f| &mut f.attrs).collect()),
            Item::Union(u) => (&u.ident, &mut u.attrs, u.fields.named.iter_mut().map(|f| &mut f.attrs).collect()),
            Item::Enum(e) => (&e.ident, &mut e.attrs, e.variants.iter_mut().map(|v| &mut v.attrs).collect()),
            Item::Type(t) => (&t.ident, &mut t.attrs, Vec::new()),
            _ => return Ok(()),
        };
        for attrs in members {
            *attrs = clean(attrs, 2)?.0;
        }
        let (name, attrs) = (ident.to_string(), take(attrs));
        self.keep(&name, span, attrs, |attrs| quote! { #(#attrs)* #item })
    }

    fn function(&mut self, name: &str, sig: &syn::Signature, span: Span, attrs: Vec<Attribute>) -> Result<(), String> {
        let ident = syn::Ident::new(name, Span::call_site());
        let (inputs, output) = (&sig.inputs, &sig.output);
        self.keep(name, span, attrs, |attrs| {
            quote! { #(#attrs)* #[unsafe(no_mangle)] pub unsafe extern "C" fn #ident(#inputs) #output { loop {} } }
        })
    }

    fn global(
        &mut self,
        name: &str,
        ty: &syn::Type,
        mutability: &proc_macro2::TokenStream,
        span: Span,
        attrs: Vec<Attribute>,
    ) -> Result<(), String> {
        let ident = syn::Ident::new(name, Span::call_site());
        self.keep(name, span, attrs, |attrs| {
            quote! { #(#attrs)* #[unsafe(no_mangle)] pub static #mutability #ident: #ty = 0; }
        })
    }

    /// Adds an item, unless its doc comment says no.
    fn keep(
        &mut self,
        name: &str,
        span: Span,
        attrs: Vec<Attribute>,
        tokens: impl FnOnce(Vec<Attribute>) -> proc_macro2::TokenStream,
    ) -> Result<(), String> {
        let (attrs, directives) = clean(&attrs, 0).map_err(|e| format!("{name}: {e}"))?;
        if name.starts_with("memfault_rs_") || name.starts_with("g_memfault_rs_") {
            return Ok(());
        }
        for directive in directives {
            if directive == "ignore" {
                return Ok(());
            } else if directive == "function-type" {
                self.source.function_types.push(name.to_string());
            } else if let Some(tag) = directive.strip_prefix("tag=") {
                self.source.tags.insert(name.to_string(), Tag::Typedef(tag.to_string()));
            } else if let Some(tag) = directive.strip_prefix("tag-only=") {
                self.source.tags.insert(name.to_string(), Tag::Only(tag.to_string()));
            } else {
                return Err(format!("{name}: no directive \"cbindgen:{directive}\""));
            }
        }
        self.source.rust.push_str(&tokens(attrs).to_string());
        self.source.rust.push('\n');
        self.parts.push((span.start().line, Part::Item(name.to_string())));
        Ok(())
    }
}

fn is_pub(vis: &Visibility) -> bool {
    matches!(vis, Visibility::Public(_))
}

fn is_repr_c(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|a| {
        a.path().is_ident("repr")
            && a.meta.require_list().is_ok_and(|l| l.tokens.to_string().split(',').any(|w| w.trim() == "C"))
    })
}

fn is_no_mangle(attrs: &[Attribute]) -> bool {
    attrs.iter().any(|a| match &a.meta {
        Meta::Path(path) => path.is_ident("no_mangle"),
        Meta::List(list) => list.path.is_ident("unsafe") && list.tokens.to_string() == "no_mangle",
        Meta::NameValue(_) => false,
    })
}

fn doc_lines(attrs: &[Attribute]) -> Vec<String> {
    let mut lines = Vec::new();
    for attr in attrs {
        if let Meta::NameValue(doc) = &attr.meta
            && doc.path.is_ident("doc")
            && let Expr::Lit(literal) = &doc.value
            && let Lit::Str(text) = &literal.lit
        {
            lines.push(text.value());
        }
    }
    lines
}

/// One line of a doc comment, as the compiler sees `/// line`.
fn doc_attribute(line: &str) -> Attribute {
    let line = if line.is_empty() { String::new() } else { format!(" {line}") };
    syn::parse_quote! { #[doc = #line] }
}

/// The `repr` attributes and the cleaned doc comment; all other attributes are for rustc.
fn clean(attrs: &[Attribute], indent: usize) -> Result<(Vec<Attribute>, Vec<String>), String> {
    let docs = docs::clean(&doc_lines(attrs), indent)?;
    let mut kept: Vec<Attribute> = docs.lines.iter().map(|line| doc_attribute(line)).collect();
    kept.extend(attrs.iter().filter(|a| a.path().is_ident("repr")).cloned());
    Ok((kept, docs.directives))
}

#[cfg(test)]
mod tests;
