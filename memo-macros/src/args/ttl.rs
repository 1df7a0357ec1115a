//! How long is a result good? `ttl = "1h30m"`, an expression, or a closure of the value.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{Expr, ExprClosure, Lit, parse::ParseStream};

use super::values::value;

/// What `ttl` says.
pub enum Ttl {
    Literal(Time),
    /// A closure that can be seen to be one.
    Closure(ExprClosure),
    /// What is evaluated each time: the compiler tells what it is.
    Expression(Expr),
}

/// A time that is written in the attribute, greater than zero.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Time {
    seconds: u64,
    millis: u16,
}

const ACCEPTED: &str = "expected whole numbers with a unit, `d`, `h`, `m`, `s` or `ms`, the largest first; write `\"30s\"` or `\"1h30m\"`";

pub(super) fn ttl(input: ParseStream, name: &Ident) -> syn::Result<Ttl> {
    let value: Expr = value(input, name, "a time, such as `\"30s\"`")?;
    read(value)
}

fn read(value: Expr) -> syn::Result<Ttl> {
    match value {
        Expr::Group(group) => read(*group.expr),
        Expr::Paren(paren) => read(*paren.expr),
        Expr::Closure(closure) => Ok(Ttl::Closure(closure)),
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Time::read(&text.value())
                .map(Ttl::Literal)
                .map_err(|message| syn::Error::new(text.span(), message)),
            _ => Err(syn::Error::new_spanned(
                &literal,
                "`ttl` is a time, and this literal has no unit; write `ttl = \"30s\"`, or an expression of type `Duration`",
            )),
        },
        expression => Ok(Ttl::Expression(expression)),
    }
}

/// The units, the largest first: each with its milliseconds.
const UNITS: [(&str, u64); 5] =
    [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];

impl Time {
    fn read(text: &str) -> Result<Self, String> {
        let malformed = || format!("`ttl = {text:?}` is no time; {ACCEPTED}");
        let too_long = || {
            format!(
                "`ttl = {text:?}` is longer than a time can be; write less, or leave `ttl` out: then results are good for ever"
            )
        };
        let (mut rest, mut units, mut sum) = (text, UNITS.iter(), 0_u128);
        if text.is_empty() {
            return Err(malformed());
        }
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(malformed)?;
            let (number, after) = rest.split_at(digits);
            let letters = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
            let (unit, after) = after.split_at(letters);
            if number.is_empty() {
                return Err(malformed());
            }
            let (_, millis) = units.find(|(name, _)| *name == unit).ok_or_else(malformed)?;
            // All that fails is too many digits.
            let number: u64 = number.parse().map_err(|_| too_long())?;
            sum += u128::from(number) * u128::from(*millis);
            rest = after;
        }
        if sum == 0 {
            return Err(format!(
                "`ttl = {text:?}` keeps nothing; write a longer time, or remove `#[memoize]`"
            ));
        }
        let seconds = u64::try_from(sum / 1000).map_err(|_| too_long())?;
        let millis = u16::try_from(sum % 1000).unwrap_or_default();
        Ok(Self { seconds, millis })
    }

    /// `::core::time::Duration::from_secs(30)`
    pub fn duration(self) -> TokenStream {
        let Self { seconds, millis } = self;
        let literal = proc_macro2::Literal::u64_unsuffixed;
        let (constructor, arguments) = match millis {
            0 => {
                let seconds = literal(seconds);
                ("from_secs", quote!(#seconds))
            }
            _ if seconds < 1000 => {
                let millis = literal(seconds * 1000 + u64::from(millis));
                ("from_millis", quote!(#millis))
            }
            _ => {
                let (seconds, nanos) = (literal(seconds), literal(u64::from(millis) * 1_000_000));
                ("new", quote!(#seconds, #nanos))
            }
        };
        let constructor = Ident::new(constructor, Span::call_site());
        quote!(::core::time::Duration::#constructor(#arguments))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(text: &str) -> Option<u128> {
        let time = Time::read(text).ok()?;
        Some(u128::from(time.seconds) * 1000 + u128::from(time.millis))
    }

    #[test]
    fn numbers_with_units_are_times() {
        for (text, time) in [
            ("250ms", 250),
            ("30s", 30_000),
            ("5m", 300_000),
            ("2h", 7_200_000),
            ("7d", 604_800_000),
            ("1h30m", 5_400_000),
            ("1d2h3m4s5ms", 93_784_005),
            ("90m", 5_400_000),
            ("0s1ms", 1),
            ("18446744073709551615s", 18_446_744_073_709_551_615_000),
        ] {
            assert_eq!(millis(text), Some(time), "{text}");
        }
    }

    #[test]
    fn nothing_else_is() {
        for text in [
            "",
            " ",
            "30",
            "s",
            "30 s",
            "1.5s",
            "-1s",
            "30sec",
            "30S",
            "1m1h",
            "1s1s",
            "1h 30m",
            "s30",
            "0s",
            "0d0h",
            "00ms",
            "1µs",
            "１s",
            "18446744073709551616s",
            "213503982334602d",
            "18446744073709551615s1000ms",
            "99999999999999999999999999d",
        ] {
            assert_eq!(millis(text), None, "{text}");
        }
    }

    #[test]
    fn times_are_written_as_a_reader_would() {
        let written =
            |text| Time::read(text).expect("it is one").duration().to_string().replace(' ', "");
        assert_eq!(written("1h30m"), "::core::time::Duration::from_secs(5400)");
        assert_eq!(written("1s500ms"), "::core::time::Duration::from_millis(1500)");
        assert_eq!(written("1000s1ms"), "::core::time::Duration::new(1000,1000000)");
    }
}
