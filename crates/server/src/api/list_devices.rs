//! `ListDevices`: one's own devices, page by page.

use model::{ListDevicesRequest, ListDevicesResponse};
use pool::device::{self, DevicePage};
use pool::error::Error;

use super::call::Call;
use super::device::written;
use super::user_pool::count;

pub(super) async fn list_devices(
    call: &Call<'_>,
    request: ListDevicesRequest,
) -> Result<ListDevicesResponse, Error> {
    let page = DevicePage {
        limit: request.limit.map(count),
        pagination_token: request.pagination_token,
    };
    let token = request.access_token.into_inner().into();
    let listed = device::list_devices(call.service, &token, page).await?;
    Ok(ListDevicesResponse {
        devices: Some(listed.devices.iter().map(written).collect()),
        pagination_token: listed.pagination_token,
    })
}
