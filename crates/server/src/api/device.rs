//! A device on the wire.

use model::{AttributeType, DeviceRememberedStatusType, DeviceType};
use pool::device::Device;

use super::user_pool::moment;

/// A device as answers show it. Its status is what the pool thinks of it, and whether it is remembered stands apart.
pub(super) fn written(device: &Device) -> DeviceType {
    let remembered = if device.remembered {
        DeviceRememberedStatusType::Remembered
    } else {
        DeviceRememberedStatusType::NotRemembered
    };
    let name = device.name.as_deref().unwrap_or_default();
    let attributes = [
        ("device_status", "valid"),
        ("device_name", name),
        ("dev:device_remembered_status", remembered.as_str()),
    ];
    let own = device
        .attributes
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let listed = attributes
        .into_iter()
        .chain(own)
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| AttributeType {
            name: name.to_owned(),
            value: Some(value.into()),
        });
    DeviceType {
        device_attributes: Some(listed.collect()),
        device_create_date: Some(moment(device.created_at)),
        device_key: Some(device.key.to_string()),
        device_last_authenticated_date: Some(moment(device.last_authenticated_at)),
        device_last_modified_date: Some(moment(device.modified_at)),
    }
}

/// Whether the status is to be remembered.
pub(super) fn is_remembered(status: Option<DeviceRememberedStatusType>) -> Option<bool> {
    status.map(|status| status == DeviceRememberedStatusType::Remembered)
}
