//! The statements on devices.

use pool::device::Device;
use pool::id::{DeviceKey, Sub, UserPoolId};
use pool::ports::{Conflict, StoreError};

use crate::session::{Argument, Row, Session, one_row};
use crate::{document, user};

const TABLE: &str = "device";

/// A device of a user.
pub(crate) async fn find(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
    sub: &Sub,
    key: &DeviceKey,
) -> Result<Option<Device>, StoreError> {
    const SQL: &str =
        "SELECT device_key, document FROM device WHERE user_pool_id = ?1 AND sub = ?2 AND device_key = ?3";
    let arguments = [
        user_pool_id.as_str().into(),
        sub.as_str().into(),
        key.as_str().into(),
    ];
    let mut rows = session.rows(SQL, &arguments).await?;
    rows.first_mut().map(read).transpose()
}

/// Devices of a user after `after` in the order of their keys.
pub(crate) async fn list(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
    sub: &Sub,
    after: Option<&DeviceKey>,
    limit: u32,
) -> Result<Vec<Device>, StoreError> {
    const SQL: &str = "SELECT device_key, document FROM device \
                       WHERE user_pool_id = ?1 AND sub = ?2 AND device_key > ?3 ORDER BY device_key LIMIT ?4";
    let arguments = [
        user_pool_id.as_str().into(),
        sub.as_str().into(),
        after.map_or("", DeviceKey::as_str).into(),
        i64::from(limit).into(),
    ];
    let mut rows = session.rows(SQL, &arguments).await?;
    rows.iter_mut().map(read).collect()
}

/// Devices of all users of all pools after `after`, in the order of pool, user and key.
pub(crate) async fn list_all(
    session: &mut impl Session,
    after: Option<&Device>,
    limit: u32,
) -> Result<Vec<Device>, StoreError> {
    const SQL: &str = "SELECT device_key, document FROM device \
                       WHERE (user_pool_id, sub, device_key) > (?1, ?2, ?3) \
                       ORDER BY user_pool_id, sub, device_key LIMIT ?4";
    let after = after.map_or(["", "", ""], |device| {
        [
            device.user_pool_id.as_str(),
            device.sub.as_str(),
            device.key.as_str(),
        ]
    });
    let [user_pool_id, sub, key] = after.map(Argument::from);
    let mut rows = session
        .rows(SQL, &[user_pool_id, sub, key, i64::from(limit).into()])
        .await?;
    rows.iter_mut().map(read).collect()
}

/// A new device of a user who must still be there.
pub(crate) async fn insert(session: &mut impl Session, device: &Device) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO device (user_pool_id, sub, device_key, version, document) \
                       VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING";
    if user::find_by_sub(session, &device.user_pool_id, &device.sub)
        .await?
        .is_none()
    {
        return Err(Conflict::Changed.into());
    }
    let key = device.key.as_str();
    let document = document::write(device, TABLE, key)?;
    let arguments = [
        device.user_pool_id.as_str().into(),
        device.sub.as_str().into(),
        key.into(),
        device.version.into(),
        document.as_str().into(),
    ];
    one_row(session.execute(SQL, &arguments).await?, Conflict::IdTaken)
}

/// The new state of a device whose version is still the given one.
pub(crate) async fn replace(session: &mut impl Session, mut device: Device) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE device SET version = ?5, document = ?6 \
                       WHERE user_pool_id = ?1 AND sub = ?2 AND device_key = ?3 AND version = ?4";
    const STORED: &str = "SELECT document FROM device \
                          WHERE user_pool_id = ?1 AND sub = ?2 AND device_key = ?3 AND version = ?4";
    let read = device.version;
    device.version = read + 1;
    let key = device.key.as_str();
    let present = [
        device.user_pool_id.as_str().into(),
        device.sub.as_str().into(),
        key.into(),
        read.into(),
    ];
    let stored = session.rows(STORED, &present).await?;
    let document = document::rewrite(&device, stored, TABLE, key)?;
    let arguments = [
        device.user_pool_id.as_str().into(),
        device.sub.as_str().into(),
        key.into(),
        read.into(),
        device.version.into(),
        document.as_str().into(),
    ];
    one_row(session.execute(SQL, &arguments).await?, Conflict::Changed)
}

/// The device goes; one that is gone already is fine.
pub(crate) async fn delete(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
    sub: &Sub,
    key: &DeviceKey,
) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM device WHERE user_pool_id = ?1 AND sub = ?2 AND device_key = ?3";
    let arguments = [
        user_pool_id.as_str().into(),
        sub.as_str().into(),
        key.as_str().into(),
    ];
    session.execute(SQL, &arguments).await.map(drop)
}

/// A user's devices go.
pub(crate) async fn delete_of_user(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
    sub: &Sub,
) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM device WHERE user_pool_id = ?1 AND sub = ?2";
    let arguments = [user_pool_id.as_str().into(), sub.as_str().into()];
    session.execute(SQL, &arguments).await.map(drop)
}

/// All devices of a pool's users go.
pub(crate) async fn delete_all(
    session: &mut impl Session,
    user_pool_id: &UserPoolId,
) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM device WHERE user_pool_id = ?1";
    session
        .execute(SQL, &[user_pool_id.as_str().into()])
        .await
        .map(drop)
}

fn read(row: &mut Row) -> Result<Device, StoreError> {
    let key = row.text(0)?;
    document::read(&row.text(1)?, TABLE, &key)
}
