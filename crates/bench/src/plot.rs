//! Pictures of the figures.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::anyhow;
use plotters::coord::Shift;
use plotters::coord::ranged1d::{AsRangedCoord, ValueFormatter};
use plotters::prelude::*;

use crate::flow::Flow;
use crate::report::Row;

/// Each line in a colour; told apart by people who see fewer colours, and on white and black.
const COLOURS: [RGBColor; 4] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
];

const WIDTH: u32 = 960;
const HEIGHT: u32 = 260;

/// A chart of lines, y from nothing.
pub(crate) struct Panel {
    /// What y is.
    pub(crate) title: String,
    /// What x is.
    pub(crate) across: &'static str,
    /// Whether x goes in powers.
    pub(crate) powers: bool,
    /// The lines by their names.
    pub(crate) lines: BTreeMap<String, Vec<(f64, f64)>>,
}

/// Rate and latency over the number of clients, two panels a flow.
pub(crate) fn by_clients(rows: &[Row]) -> Vec<[Panel; 2]> {
    let clients = |row: &Row| row.clients as f64;
    by_flow(rows, |flow, rows| {
        [
            panel(
                format!("{flow}: served a second"),
                ("clients", &clients),
                rows,
                &|row| row.rate,
            ),
            panel(format!("{flow}: p99 ms"), ("clients", &clients), rows, &|row| {
                row.p99
            }),
        ]
    })
}

/// Latency of the fewest clients over the number of users, two panels a flow.
pub(crate) fn by_users(rows: &[Row]) -> Vec<[Panel; 2]> {
    let fewest = rows.iter().map(|row| row.clients).min();
    let rows: Vec<Row> = rows
        .iter()
        .filter(|row| Some(row.clients) == fewest)
        .cloned()
        .collect();
    let users = |row: &Row| row.users.unwrap_or(1) as f64;
    by_flow(&rows, |flow, rows| {
        [
            panel(format!("{flow}: p50 ms"), ("users", &users), rows, &|row| row.p50),
            panel(format!("{flow}: p99 ms"), ("users", &users), rows, &|row| row.p99),
        ]
    })
}

fn by_flow(rows: &[Row], panels: impl Fn(&str, &[&Row]) -> [Panel; 2]) -> Vec<[Panel; 2]> {
    let flows: BTreeSet<Flow> = rows.iter().map(|row| row.flow).collect();
    flows
        .into_iter()
        .map(|flow| {
            let rows: Vec<&Row> = rows.iter().filter(|row| row.flow == flow).collect();
            panels(&flow.name(), &rows)
        })
        .collect()
}

fn panel(
    title: String,
    (across, x): (&'static str, &dyn Fn(&Row) -> f64),
    rows: &[&Row],
    y: &dyn Fn(&Row) -> f64,
) -> Panel {
    let mut lines: BTreeMap<String, Vec<_>> = BTreeMap::new();
    // What was not served at all stands in the table alone.
    for row in rows.iter().filter(|row| row.rate > 0.0 && y(row).is_finite()) {
        lines
            .entry(row.target.clone())
            .or_default()
            .push((x(row), y(row)));
    }
    Panel {
        title,
        across,
        powers: true,
        lines,
    }
}

/// Writes panels as SVG, two in a row.
///
/// # Errors
/// When the picture cannot be written.
pub(crate) fn draw(panels: &[[Panel; 2]], path: &Path) -> anyhow::Result<()> {
    let height = HEIGHT * u32::try_from(panels.len().max(1))?;
    let root = SVGBackend::new(path, (WIDTH, height)).into_drawing_area();
    root.fill(&WHITE).map_err(|error| anyhow!("{error}"))?;
    let areas = root.split_evenly((panels.len().max(1), 2));
    for (panel, area) in panels.iter().flatten().zip(&areas) {
        // Axes from nowhere to nowhere would never be drawn to their end.
        if panel.lines.values().all(Vec::is_empty) {
            let title = format!("{}: nothing was served", panel.title);
            area.titled(&title, ("sans-serif", 16))
                .map_err(|error| anyhow!("{error}"))?;
            continue;
        }
        let points = || panel.lines.values().flatten();
        let least = points().map(|point| point.0).fold(f64::INFINITY, f64::min);
        let most = points().map(|point| point.0).fold(0.0, f64::max);
        let highest = points().map(|point| point.1).fold(0.0, f64::max);
        let up = 0.0..if highest > 0.0 { highest * 1.1 } else { 1.0 };
        if panel.powers {
            chart(area, panel, (least.min(most) * 0.9..most * 1.1).log_scale(), up)?;
        } else {
            chart(area, panel, least.min(most)..most, up)?;
        }
    }
    root.present().map_err(|error| anyhow!("{error}"))
}

fn chart<X>(
    area: &DrawingArea<SVGBackend<'_>, Shift>,
    panel: &Panel,
    across: X,
    up: std::ops::Range<f64>,
) -> anyhow::Result<()>
where
    X: AsRangedCoord<Value = f64>,
    X::CoordDescType: ValueFormatter<f64>,
{
    let failed = |error: DrawingAreaErrorKind<std::io::Error>| anyhow!("{error}");
    let mut chart = ChartBuilder::on(area)
        .caption(&panel.title, ("sans-serif", 16))
        .margin(12)
        .x_label_area_size(36)
        .y_label_area_size(56)
        .build_cartesian_2d(across, up)
        .map_err(failed)?;
    chart
        .configure_mesh()
        .x_desc(panel.across)
        .light_line_style(TRANSPARENT)
        .x_label_formatter(&|value| short(*value))
        .draw()
        .map_err(failed)?;
    for ((name, points), colour) in panel.lines.iter().zip(COLOURS.into_iter().cycle()) {
        let line = LineSeries::new(points.iter().copied(), colour.stroke_width(2)).point_size(3);
        chart
            .draw_series(line)
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
