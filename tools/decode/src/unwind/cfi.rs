//! Call frame information of a firmware: `.debug_frame` and `.eh_frame`.

use super::Stack;
use super::state::State;
use gimli::{
    BaseAddresses, CfaRule, CieOrFde, DebugFrame, EhFrame, EndianArcSlice, EvaluationResult, Expression,
    FrameDescriptionEntry, LittleEndian, Location, Register, RegisterRule, UnwindContext, UnwindExpression,
    UnwindSection, Value,
};
use std::sync::Arc;

type Slice = EndianArcSlice<LittleEndian>;

/// Most steps of an expression: its jumps come from the file.
const MAX_STEPS: u32 = 10_000;

/// The information about all functions of a firmware, by address.
pub struct Cfi {
    debug_frame: DebugFrame<Slice>,
    eh_frame: EhFrame<Slice>,
    bases: BaseAddresses,
    functions: Vec<Function>,
}

struct Function {
    start: u64,
    end: u64,
    is_eh: bool,
    entry: FrameDescriptionEntry<Slice>,
}

/// Where the return address of a frame is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    /// The frame of the caller.
    Frame(State),
    /// The frame that was interrupted: the function is the entry of an exception.
    Interrupted(State),
    /// There is none: the information says so.
    Outermost,
    /// The return address was not saved, and is not in its register any more.
    Lost,
    /// It is in memory that was not captured.
    NotCaptured(u64),
}

impl Cfi {
    /// Takes the sections as they are in the file. `eh_address`: of `.eh_frame`; `text`: of the code.
    pub fn new(debug_frame: Arc<[u8]>, eh_frame: Arc<[u8]>, eh_address: u64, text: u64, pointer_len: u8) -> Self {
        let mut debug_frame = DebugFrame::from(Slice::new(debug_frame, LittleEndian));
        let mut eh_frame = EhFrame::from(Slice::new(eh_frame, LittleEndian));
        debug_frame.set_address_size(pointer_len);
        eh_frame.set_address_size(pointer_len);
        let bases = BaseAddresses::default().set_eh_frame(eh_address).set_text(text);
        let mut functions = Vec::new();
        collect(&debug_frame, &bases, false, &mut functions);
        collect(&eh_frame, &bases, true, &mut functions);
        functions.sort_by_key(|function| (function.start, function.end));
        Self { debug_frame, eh_frame, bases, functions }
    }

    /// True without any information.
    pub fn is_empty(&self) -> bool {
        self.functions.is_empty()
    }

    /// The information about the function at an address. The linker leaves that of functions which it threw away, at address 0 or
    /// 1: where the symbols know the start of the function, only that of this function counts.
    fn find(&self, address: u64, start: Option<u64>) -> Option<&Function> {
        let end = self.functions.partition_point(|function| function.start <= address);
        let holds = |function: &&Function| function.start <= address && address < function.end;
        let candidates = || self.functions.get(..end).unwrap_or_default().iter().rev().take(64).filter(holds);
        let thumb = |at: u64| at & !1;
        match start {
            Some(start) => candidates().find(|function| thumb(function.start) == start).or(candidates().next()),
            None => candidates().find(|function| function.start > 1),
        }
    }

    /// One frame outwards. `lookup`: an address inside the call; `is_leaf`: the frame was interrupted, so its return address can
    /// still be in its register. `None`: nothing is known about the function.
    pub(crate) fn step(
        &self,
        state: &State,
        lookup: u64,
        start: Option<u64>,
        is_leaf: bool,
        stack: &Stack<'_>,
    ) -> Option<Caller> {
        let function = self.find(lookup, start)?;
        if function.is_eh {
            self.step_in(&self.eh_frame, function, state, lookup, is_leaf, stack)
        } else {
            self.step_in(&self.debug_frame, function, state, lookup, is_leaf, stack)
        }
    }

    fn step_in<S: UnwindSection<Slice>>(
        &self,
        section: &S,
        function: &Function,
        state: &State,
        lookup: u64,
        is_leaf: bool,
        stack: &Stack<'_>,
    ) -> Option<Caller> {
        let entry = &function.entry;
        let mut context = UnwindContext::new();
        let row = entry.unwind_info_for_address(section, &self.bases, &mut context, lookup).ok()?;
        let encoding = entry.cie().encoding();
        let evaluate = |expression: &UnwindExpression<usize>, cfa: Option<u64>| {
            evaluate(expression.get(section).ok()?, encoding, cfa, state, stack)
        };
        let cfa = match row.cfa() {
            CfaRule::RegisterAndOffset { register, offset } => state.get(register.0)?.wrapping_add_signed(*offset),
            CfaRule::Expression(expression) => evaluate(expression, None)?,
        };
        let cfa = stack.address(cfa);
        let word_len = state.machine().word_len();
        // `Err`: the place of the value, which was not captured.
        let saved = |at: u64| stack.number(at, word_len).map(Some).ok_or(at);
        let resolve = |rule: &RegisterRule<usize>, register: Register| match rule {
            RegisterRule::SameValue => Ok(state.get(register.0)),
            RegisterRule::Register(other) => Ok(state.get(other.0)),
            RegisterRule::Offset(offset) => saved(stack.address(cfa.wrapping_add_signed(*offset))),
            RegisterRule::ValOffset(offset) => Ok(Some(stack.address(cfa.wrapping_add_signed(*offset)))),
            RegisterRule::Expression(expression) => evaluate(expression, Some(cfa)).map_or(Ok(None), saved),
            RegisterRule::ValExpression(expression) => Ok(evaluate(expression, Some(cfa))),
            RegisterRule::Constant(value) => Ok(Some(*value)),
            _ => Ok(None),
        };
        let mut caller = state.kept();
        caller.set_sp(cfa);
        for (register, rule) in row.registers() {
            caller.set(register.0, resolve(rule, *register).unwrap_or_default());
        }
        let register = entry.cie().return_address_register();
        let return_address = match row.register(register) {
            Some(RegisterRule::Undefined) => return Some(Caller::Outermost),
            Some(RegisterRule::SameValue) | None if !is_leaf => return Some(Caller::Lost),
            Some(RegisterRule::SameValue) | None => Ok(state.get(register.0)),
            Some(rule) => resolve(&rule, register),
        };
        Some(match return_address {
            Ok(Some(address)) => {
                caller.set_pc(address);
                let is_entry = entry.is_signal_trampoline();
                if is_entry { Caller::Interrupted(caller) } else { Caller::Frame(caller) }
            }
            Ok(None) => Caller::Lost,
            Err(at) => Caller::NotCaptured(at),
        })
    }
}

fn collect<S: UnwindSection<Slice>>(section: &S, bases: &BaseAddresses, is_eh: bool, into: &mut Vec<Function>) {
    let mut entries = section.entries(bases);
    // Damage ends it: what follows has no certain place.
    while let Ok(Some(entry)) = entries.next() {
        let CieOrFde::Fde(partial) = entry else { continue };
        let Ok(entry) = partial.parse(S::cie_from_offset) else { continue };
        let (start, end) = (entry.initial_address(), entry.end_address());
        if start < end {
            into.push(Function { start, end, is_eh, entry });
        }
    }
}

fn evaluate(
    expression: Expression<Slice>,
    encoding: gimli::Encoding,
    initial: Option<u64>,
    state: &State,
    stack: &Stack<'_>,
) -> Option<u64> {
    let mut evaluation = expression.evaluation(encoding);
    if let Some(initial) = initial {
        evaluation.set_initial_value(initial);
    }
    evaluation.set_max_iterations(MAX_STEPS);
    let mut result = evaluation.evaluate().ok()?;
    for _ in 0..MAX_STEPS {
        result = match result {
            EvaluationResult::Complete => {
                let pieces = evaluation.result();
                return match pieces.first()?.location {
                    Location::Address { address } => Some(address),
                    Location::Value { value } => value.to_u64(u64::MAX).ok(),
                    Location::Register { register } => state.get(register.0),
                    _ => None,
                };
            }
            EvaluationResult::RequiresMemory { address, size, .. } => {
                let value = stack.number(address, usize::from(size))?;
                evaluation.resume_with_memory(Value::Generic(value)).ok()?
            }
            EvaluationResult::RequiresRegister { register, .. } => {
                evaluation.resume_with_register(Value::Generic(state.get(register.0)?)).ok()?
            }
            _ => return None,
        };
    }
    None
}
