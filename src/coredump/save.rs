//! Saves a coredump, or counts its bytes (spec 50 §4).

use super::format::{BlockType, FLAG_TRUNCATED, FOOTER_LEN, FOOTER_MAGIC, HEADER_MAGIC, VERSION, Words, machine_type};
use super::platform::{Memory, Platform};
use super::stored::{self, Reader};
use super::writer::{Progress, Writer};
use crate::config::Config;
use crate::events::envelope::Identity;

/// What the crash handler knows.
pub struct SaveInfo<M, L> {
    /// The registers in the form of the format; those of several CPUs one after the other.
    pub registers: M,
    /// The reboot reason.
    pub reason: u32,
    /// What the platform wants to have captured. Without any region there is no coredump.
    pub regions: L,
}

/// Saves a coredump. False: there are no regions, the platform refuses, the storage does not work or is too small for all but the
/// regions, or it holds a coredump that was not sent yet, which is never overwritten.
///
/// Regions that do not fit are cut or left out, which the footer tells.
pub fn save<C: Config, P: Platform>(platform: &P, info: SaveInfo<P::Memory<'_>, P::Regions>) -> bool {
    run::<C, P>(platform, info, Purpose::Save) != 0
}

/// Bytes that [`save`] would write into a storage that is large enough; 0 without regions. The storage is left alone.
pub fn size<C: Config, P: Platform>(platform: &P, info: SaveInfo<P::Memory<'_>, P::Regions>) -> usize {
    run::<C, P>(platform, info, Purpose::Count)
}

/// What [`run`] is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// As [`save`].
    Save,
    /// As [`size`].
    Count,
}

/// Both in one function, for the sake of code size. Returns the bytes of the coredump; 0: there is none.
#[inline(always)]
pub fn run<C: Config, P: Platform>(platform: &P, info: SaveInfo<P::Memory<'_>, P::Regions>, purpose: Purpose) -> usize {
    if info.regions.len() == 0 {
        return 0;
    }
    let mut storage = None;
    let mut storage_len = usize::MAX;
    if purpose == Purpose::Save {
        if !platform.begin_save() {
            return 0;
        }
        let found = stored::look(platform, Reader::Crashed);
        if found.storage_len == 0 || found.total_len != 0 || !platform.erase(found.storage_len) {
            return 0;
        }
        storage = Some(platform);
        // Offsets have 32 bits.
        storage_len = found.storage_len.min(u32::MAX as usize);
    }
    let mut writer = Writer::new(storage, storage_len);
    if !blocks::<C, P>(&mut writer, platform, info) {
        return 0;
    }
    let total_len = writer.offset() + FOOTER_LEN;
    if purpose == Purpose::Save {
        let footer = Words::new(FOOTER_MAGIC, if writer.truncated() { FLAG_TRUNCATED } else { 0 }, 0);
        let header = Words::new(HEADER_MAGIC, VERSION, total_len as u32);
        // The header makes it valid, so it comes last.
        if !platform.write(writer.offset() as u32, footer.four().into()) || !platform.write(0, header.three().into()) {
            return 0;
        }
    }
    total_len
}

/// All between header and footer. False: there is no coredump.
#[inline(always)]
fn blocks<C: Config, P: Platform>(
    writer: &mut Writer<'_, P>,
    platform: &P,
    info: SaveInfo<P::Memory<'_>, P::Regions>,
) -> bool {
    let len_per_cpu = info.registers.len() / C::COREDUMP_CPU_COUNT;
    for cpu in 0..C::COREDUMP_CPU_COUNT {
        // A null pointer stays one only in the first part.
        if cpu == 0 || !info.registers.is_nowhere() {
            writer.block(BlockType::Registers, info.registers.part(cpu * len_per_cpu, len_per_cpu));
        }
    }
    if writer.progress() != Progress::Going {
        return false;
    }

    let device = platform.identity().device_info();
    if C::COREDUMP_INCLUDE_BUILD_ID
        && let Some(build_id) = platform.identity().build_id()
    {
        writer.block(BlockType::BuildId, build_id.as_slice().into());
    }
    if C::EVENT_INCLUDE_DEVICE_SERIAL {
        writer.block(BlockType::DeviceSerial, device.device_serial.into());
    }
    writer.block(BlockType::SoftwareVersion, device.software_version.into());
    writer.block(BlockType::SoftwareType, device.software_type.into());
    writer.block(BlockType::HardwareVersion, device.hardware_version.into());
    writer.block(BlockType::MachineType, machine_type::<C>().to_le_bytes().as_slice().into());
    writer.block(BlockType::TraceReason, info.reason.to_le_bytes().as_slice().into());
    if writer.progress() != Progress::Going {
        return false;
    }

    let arch_regions = platform.arch_regions();
    let sdk_regions = platform.sdk_regions();
    for list in &[arch_regions, sdk_regions, info.regions] {
        for region in list.clone() {
            writer.region(region);
        }
    }
    writer.progress() != Progress::WriteFailed
}

#[cfg(test)]
mod tests;
