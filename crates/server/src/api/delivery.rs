//! `CodeDeliveryDetails` on the wire.

use model::{CodeDeliveryDetailsType, DeliveryMediumType};
use pool::code::CodeDelivery;
use pool::ports::Medium;

/// Where a code went.
pub(super) fn details(delivery: CodeDelivery) -> CodeDeliveryDetailsType {
    CodeDeliveryDetailsType {
        attribute_name: Some(delivery.medium.attribute().to_owned()),
        delivery_medium: Some(match delivery.medium {
            Medium::Email => DeliveryMediumType::Email,
            Medium::Sms => DeliveryMediumType::Sms,
        }),
        destination: Some(delivery.destination),
    }
}
