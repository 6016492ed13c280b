using System.Globalization;
using System.Xml.Linq;
using FeedbackAlignment.Texts;
using OxyPlot;
using OxyPlot.Annotations;

namespace FeedbackAlignment.Reports.Charts;

/// <summary>
/// Turns a plot into an <c>svg</c> element that a page can hold: responsive, restyleable, accessible, in the page's font.
/// </summary>
internal static class ChartSvg
{
    private static readonly XNamespace _svg = "http://www.w3.org/2000/svg";
    private static readonly string[] _paints = ["fill", "stroke"];

    /// <summary>Renders a plot.</summary>
    /// <param name="model">The plot.</param>
    /// <param name="id">Unique on the page by its letters and digits; any other character becomes "-".</param>
    /// <param name="title">Its name for those who do not see it.</param>
    /// <param name="description">What it shows, for them.</param>
    /// <param name="width">Width of the drawing, in its own units.</param>
    /// <param name="height">Height of the drawing.</param>
    public static string Render(PlotModel model, string id, string title, string description, double width, double height) =>
        Draw(model, id, title, description, width, height).ToString(SaveOptions.DisableFormatting);

    /// <summary>Renders a plot to an element, to be put into a larger drawing.</summary>
    /// <inheritdoc cref="Render"/>
    public static XElement Draw(PlotModel model, string id, string title, string description, double width, double height)
    {
        Print(model);
        id = string.Concat(id.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-'));
        var exporter = new SvgExporter { Width = width, Height = height, TextMeasurer = new RoomyText() };
        var drawn = XDocument.Parse(exporter.ExportToString(model)).Root!;
        Clean(drawn, id);
        return new XElement(
            _svg + "svg",
            new XAttribute("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {width} {height}")),
            new XAttribute("class", "chart"),
            new XAttribute("role", "img"),
            new XAttribute("aria-labelledby", $"{id}-title {id}-desc"),
            new XElement(_svg + "title", new XAttribute("id", $"{id}-title"), ForeignText.Line(title)),
            new XElement(_svg + "desc", new XAttribute("id", $"{id}-desc"), ForeignText.Line(description)),
            drawn.Elements());
    }

    /// <summary>Every text of the plot on one line that XML can hold.</summary>
    private static void Print(PlotModel model)
    {
        foreach (var axis in model.Axes.Where(axis => axis.Title is not null))
        {
            axis.Title = ForeignText.Line(axis.Title);
        }

        foreach (var series in model.Series.Where(series => series.Title is not null))
        {
            series.Title = ForeignText.Line(series.Title);
        }

        foreach (var annotation in model.Annotations.OfType<TextualAnnotation>())
        {
            annotation.Text = annotation.Text is { } text ? ForeignText.Line(text) : null;
        }
    }

    private static void Clean(XElement drawn, string id)
    {
        foreach (var element in drawn.Descendants().ToList())
        {
            element.Attribute("font-family")?.Remove();
            StyleToAttributes(element);
            Classify(element);
            if (element.Attribute("clip-path") is { } clip)
            {
                clip.Value = clip.Value.Replace("#clipPath", $"#{id}-clip", StringComparison.Ordinal);
            }
            else if (element.Name.LocalName == "clipPath")
            {
                element.SetAttributeValue("id", element.Attribute("id")!.Value.Replace("clipPath", $"{id}-clip", StringComparison.Ordinal));
            }
        }

        drawn.Descendants().Where(IsInvisible).Remove();
        foreach (var group in drawn.Elements(_svg + "g").Where(group => !group.HasElements).ToList())
        {
            group.ElementsBeforeSelf(_svg + "defs").Last().Remove();
            group.Remove();
        }
    }

    // An attribute yields to a style sheet where a style would not.
    private static void StyleToAttributes(XElement element)
    {
        if (element.Attribute("style") is not { } style)
        {
            return;
        }

        style.Remove();
        foreach (var declaration in style.Value.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = declaration.IndexOf(':', StringComparison.Ordinal);
            element.SetAttributeValue(declaration[..colon], declaration[(colon + 1)..]);
        }
    }

    private static void Classify(XElement element)
    {
        var classes = _paints
            .Select(paint => element.Attribute(paint) is { } color && ChartColors.Parts.TryGetValue(color.Value, out var part) ? $"{paint}-{part}" : null)
            .OfType<string>().ToList();
        if (classes.Count > 0)
        {
            element.SetAttributeValue("class", string.Join(' ', classes));
        }
    }

    private static bool IsInvisible(XElement element) => element.Parent?.Name.LocalName == "g"
        && element.Attribute("fill")?.Value == "none"
        && (element.Attribute("stroke")?.Value == "none" || element.Attribute("stroke-width")?.Value == "0");
}
