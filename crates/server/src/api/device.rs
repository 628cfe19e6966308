//! A device on the wire.

use model::{AttributeType, DeviceRememberedStatusType, DeviceType, Timestamp};
use pool::device::Device;

use super::user_pool::moment;

/// A device as answers show it: its status is what the pool thinks of it, whether it is remembered stands apart, and when it was last
/// used is told by the second. Source: the examples of `list-devices` in the AWS CLI.
pub(super) fn written(device: &Device) -> DeviceType {
    let remembered = if device.remembered {
        DeviceRememberedStatusType::Remembered
    } else {
        DeviceRememberedStatusType::NotRemembered
    };
    let name = device.name.as_deref().unwrap_or_default();
    let own = device.attributes.iter();
    let listed = [("device_status", "valid"), ("device_name", name)]
        .into_iter()
        .chain(own.map(|(name, value)| (name.as_str(), value.as_str())))
        .chain([("dev:device_remembered_status", remembered.as_str())])
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| AttributeType {
            name: name.to_owned(),
            value: Some(value.into()),
        });
    let last_used = Timestamp::from_milliseconds(device.last_authenticated_at.seconds() * 1000);
    DeviceType {
        device_attributes: Some(listed.collect()),
        device_create_date: Some(moment(device.created_at)),
        device_key: Some(device.key.to_string()),
        device_last_authenticated_date: Some(last_used),
        device_last_modified_date: Some(moment(device.modified_at)),
    }
}

/// Whether the status is to be remembered.
pub(super) fn is_remembered(status: Option<DeviceRememberedStatusType>) -> Option<bool> {
    status.map(|status| status == DeviceRememberedStatusType::Remembered)
}
