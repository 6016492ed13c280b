using System.Text.Json.Serialization;

namespace FeedbackAlignment.Experiments.Records;

/// <summary>A figure as data: what a report draws, and nothing about how.</summary>
public sealed record FigureRecord
{
    /// <summary>Unique in a report and usable as a file name, e.g. <c>linear</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What it shows.</summary>
    public required string Title { get; init; }

    /// <summary>Where the paper has it, e.g. <c>arXiv 1411.0247, Fig. 1d,e</c>.</summary>
    public required string Place { get; init; }

    /// <summary>How it was made, what bands are, and what to see.</summary>
    public required string Caption { get; init; }

    /// <summary>The subjects that look the same in all figures, in the order in which they take their looks; at most seven.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Its parts, side by side.</summary>
    public required IReadOnlyList<PanelRecord> Panels { get; init; }
}

/// <summary>A part of a figure: curves on common axes, or a picture.</summary>
public sealed record PanelRecord
{
    /// <summary>What it shows.</summary>
    public required string Title { get; init; }

    /// <summary>The horizontal axis; null for a picture.</summary>
    public AxisRecord? X { get; init; }

    /// <summary>The vertical axis; null for a picture.</summary>
    public AxisRecord? Y { get; init; }

    /// <summary>What is drawn, from back to front.</summary>
    public IReadOnlyList<SeriesRecord> Series { get; init; } = [];

    /// <summary>A picture instead of curves.</summary>
    public PictureRecord? Picture { get; init; }
}

/// <summary>An axis.</summary>
/// <param name="Title">The quantity, with its unit.</param>
/// <param name="Logarithmic">Whether it is logarithmic; points with numbers ≤ 0 are then left out.</param>
/// <param name="From">Its lower end; null: as the points need it.</param>
/// <param name="To">Its upper end; null: as the points need it.</param>
/// <param name="Labels">What stands at 0, 1, 2 … of an axis of words; null: an axis of numbers.</param>
public sealed record AxisRecord(
    string Title, bool Logarithmic = false, double? From = null, double? To = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Labels = null);

/// <summary>Where numbers come from.</summary>
public enum SeriesSource
{
    /// <summary>Measured in this run.</summary>
    Measured,

    /// <summary>Read off the paper's own figure.</summary>
    Paper,

    /// <summary>Computed from a formula.</summary>
    Theory,
}

/// <summary>How points are drawn.</summary>
public enum SeriesForm
{
    /// <summary>A line, with a band where points have one.</summary>
    Line,

    /// <summary>A dashed line.</summary>
    DashedLine,

    /// <summary>A line, with a bar where points have a band.</summary>
    LineWithBars,

    /// <summary>Separate marks.</summary>
    Marks,

    /// <summary>Arrows from the points.</summary>
    Arrows,

    /// <summary>The area inside the closed line through the points.</summary>
    Area,
}

/// <summary>A line, marks, arrows or an area.</summary>
public sealed record SeriesRecord
{
    /// <summary>For the legend; empty: none.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// What it is about: a rule's id, or any text. Series of one subject have one color; <c>guide</c> is a gray line or area to read
    /// others against.
    /// </summary>
    public required string Subject { get; init; }

    /// <summary>Where its numbers come from.</summary>
    public required SeriesSource Source { get; init; }

    /// <summary>How it is drawn.</summary>
    public SeriesForm Form { get; init; } = SeriesForm.Line;

    /// <summary>The points.</summary>
    public required IReadOnlyList<PointRecord> Points { get; init; }
}

/// <summary>A point.</summary>
/// <param name="X">Horizontal place.</param>
/// <param name="Y">Vertical place.</param>
public sealed record PointRecord(double X, double Y)
{
    /// <summary>Lower edge of the band; null: no band.</summary>
    public double? Low { get; init; }

    /// <summary>Upper edge of the band.</summary>
    public double? High { get; init; }

    /// <summary>For arrows: horizontal reach, in the axis's unit.</summary>
    public double? Dx { get; init; }

    /// <summary>For arrows: vertical reach.</summary>
    public double? Dy { get; init; }
}

/// <summary>A gray picture.</summary>
/// <param name="Width">Columns of pixels.</param>
/// <param name="Height">Rows of pixels.</param>
/// <param name="Pixels">One byte per pixel, row by row: 0 black, 255 white. In JSON as base64.</param>
public sealed record PictureRecord(int Width, int Height, byte[] Pixels);
