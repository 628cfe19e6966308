//! Pictures of the figures.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::anyhow;
use plotters::coord::ranged1d::{AsRangedCoord, ValueFormatter};
use plotters::prelude::*;

use crate::flow::Flow;
use crate::report::Row;

/// Each server in a colour; told apart by people who see fewer colours, and on white and black.
const COLOURS: [RGBColor; 4] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
];

const WIDTH: u32 = 960;
const PANEL: u32 = 260;

/// Rate and latency over the number of clients, a row of panels a flow.
///
/// # Errors
/// When the picture cannot be written.
pub(crate) fn by_clients(rows: &[Row], path: &Path) -> anyhow::Result<()> {
    let clients = |row: &Row| row.clients as f64;
    draw(rows, path, |panels, rows, flow| {
        let rate = Axis {
            title: format!("{}: served a second", flow.name()),
            x: "clients",
        };
        panel(&panels[0], rows, &rate, clients, |row| row.rate)?;
        let latency = Axis {
            title: format!("{}: p99 ms", flow.name()),
            x: "clients",
        };
        panel(&panels[1], rows, &latency, clients, |row| row.p99)
    })
}

/// Latency over the number of users, a row of panels a flow.
///
/// # Errors
/// When the picture cannot be written.
pub(crate) fn by_users(rows: &[Row], path: &Path) -> anyhow::Result<()> {
    let fewest = rows.iter().map(|row| row.clients).min();
    let rows: Vec<Row> = rows
        .iter()
        .filter(|row| Some(row.clients) == fewest)
        .cloned()
        .collect();
    let users = |row: &Row| row.users.unwrap_or(1) as f64;
    draw(&rows, path, |panels, rows, flow| {
        let p50 = Axis {
            title: format!("{}: p50 ms", flow.name()),
            x: "users",
        };
        panel(&panels[0], rows, &p50, users, |row| row.p50)?;
        let p99 = Axis {
            title: format!("{}: p99 ms", flow.name()),
            x: "users",
        };
        panel(&panels[1], rows, &p99, users, |row| row.p99)
    })
}

type Area<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;

/// Two panels a flow, one flow below the other.
fn draw<F>(rows: &[Row], path: &Path, mut each: F) -> anyhow::Result<()>
where
    F: FnMut(&[Area<'_>], &[&Row], Flow) -> anyhow::Result<()>,
{
    let flows: BTreeSet<Flow> = rows.iter().map(|row| row.flow).collect();
    let height = PANEL * u32::try_from(flows.len().max(1))?;
    let root = SVGBackend::new(path, (WIDTH, height)).into_drawing_area();
    root.fill(&WHITE).map_err(|error| anyhow!("{error}"))?;
    let panels = root.split_evenly((flows.len().max(1), 2));
    for (flow, panels) in flows.into_iter().zip(panels.chunks(2)) {
        let rows: Vec<&Row> = rows.iter().filter(|row| row.flow == flow).collect();
        each(panels, &rows, flow)?;
    }
    root.present().map_err(|error| anyhow!("{error}"))?;
    Ok(())
}

struct Axis {
    title: String,
    x: &'static str,
}

/// A line a server; x in powers, y from nothing.
fn panel(
    area: &Area<'_>,
    rows: &[&Row],
    axis: &Axis,
    x: impl Fn(&Row) -> f64,
    y: impl Fn(&Row) -> f64,
) -> anyhow::Result<()> {
    let (mut least, mut most, mut top) = (f64::INFINITY, 1.0_f64, 0.0_f64);
    for row in rows {
        (least, most) = (least.min(x(row)), most.max(x(row)));
        top = top.max(y(row));
    }
    let range = (least.min(most) * 0.9..most * 1.1).log_scale();
    chart(area, rows, axis, (range, 0.0..top * 1.1), (x, y))
}

fn chart<X>(
    area: &Area<'_>,
    rows: &[&Row],
    axis: &Axis,
    (across, up): (X, std::ops::Range<f64>),
    (x, y): (impl Fn(&Row) -> f64, impl Fn(&Row) -> f64),
) -> anyhow::Result<()>
where
    X: AsRangedCoord<Value = f64>,
    X::CoordDescType: ValueFormatter<f64>,
{
    let failed = |error: DrawingAreaErrorKind<std::io::Error>| anyhow!("{error}");
    let mut chart = ChartBuilder::on(area)
        .caption(&axis.title, ("sans-serif", 16))
        .margin(12)
        .x_label_area_size(36)
        .y_label_area_size(56)
        .build_cartesian_2d(across, up)
        .map_err(failed)?;
    chart
        .configure_mesh()
        .x_desc(axis.x)
        .light_line_style(TRANSPARENT)
        .x_label_formatter(&|value| short(*value))
        .draw()
        .map_err(failed)?;
    let names: BTreeSet<&str> = rows.iter().map(|row| row.target.as_str()).collect();
    for (name, colour) in names.into_iter().zip(COLOURS.into_iter().cycle()) {
        let points: Vec<(f64, f64)> = rows
            .iter()
            .filter(|row| row.target == name)
            .map(|row| (x(row), y(row)))
            .collect();
        chart
            .draw_series(LineSeries::new(points, colour.stroke_width(2)).point_size(4))
            .map_err(failed)?
            .label(name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], colour.stroke_width(2)));
    }
    chart
        .configure_series_labels()
        .background_style(WHITE.mix(0.8))
        .draw()
        .map_err(failed)
}

/// `64`, `1k`, `10M`.
fn short(value: f64) -> String {
    if value >= 1e6 {
        format!("{:.0}M", value / 1e6)
    } else if value >= 1e3 {
        format!("{:.0}k", value / 1e3)
    } else {
        format!("{value:.0}")
    }
}
