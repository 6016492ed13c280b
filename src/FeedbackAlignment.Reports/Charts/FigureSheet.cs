using System.Globalization;
using System.Text;
using System.Xml.Linq;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Reports.Charts;

/// <summary>Puts a figure's curves onto one white sheet, an SVG file of its own, for places where no style sheet reaches.</summary>
internal static class FigureSheet
{
    private const double Gap = 24;
    private const double TitleRow = 20;
    private const int MostBeside = 2;
    private const int LettersInRow = 44;

    private static readonly XNamespace _svg = "http://www.w3.org/2000/svg";

    /// <summary>The file's bytes; null if the figure has no curves.</summary>
    public static byte[]? Write(FigureDrawing figure)
    {
        var panels = figure.Panels.Where(panel => panel.Svg is not null).ToList();
        if (panels.Count == 0)
        {
            return null;
        }

        var columns = Math.Min(MostBeside, panels.Count);
        var sheet = new XElement(_svg + "svg");
        var top = Gap / 2;
        foreach (var row in panels.Chunk(columns))
        {
            var titles = row.Select(panel => Rows(panel.Title)).ToList();
            var below = top + (TitleRow * titles.Max(title => title.Count)) + (Gap / 2);
            foreach (var (column, panel) in row.Index())
            {
                var left = Gap + (column * (ChartFrame.Width + Gap));
                sheet.Add(titles[column].Select((words, place) => Title(words, left, top + (TitleRow * (place + 1)))));
                sheet.Add(Placed(panel, left, below));
            }

            top = below + row.Max(panel => panel.Height) + Gap;
        }

        var width = Gap + (columns * (ChartFrame.Width + Gap));
        sheet.AddFirst(
            new XElement(_svg + "title", ForeignText.Line(figure.Record.Title)),
            new XElement(_svg + "rect", new XAttribute("width", Number(width)), new XAttribute("height", Number(top)), new XAttribute("fill", "#ffffff")));
        sheet.Add(
            new XAttribute("viewBox", $"0 0 {Number(width)} {Number(top)}"),
            new XAttribute("width", Number(width)),
            new XAttribute("height", Number(top)),
            new XAttribute("role", "img"),
            new XAttribute("font-family", "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"));
        return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetBytes(sheet.ToString(SaveOptions.DisableFormatting) + "\n");
    }

    private static XElement Title(string title, double left, double top) => new(
        _svg + "text",
        new XAttribute("x", Number(left)),
        new XAttribute("y", Number(top)),
        new XAttribute("font-size", "15"),
        new XAttribute("font-weight", "600"),
        new XAttribute("fill", "#202124"),
        title);

    private static List<string> Rows(string title)
    {
        List<string> rows = [""];
        foreach (var word in ForeignText.Line(title).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (rows[^1].Length > 0 && rows[^1].Length + 1 + word.Length > LettersInRow)
            {
                rows.Add("");
            }

            rows[^1] = rows[^1].Length == 0 ? ForeignText.Line(word, LettersInRow) : $"{rows[^1]} {word}";
        }

        return rows;
    }

    private static XElement Placed(PanelDrawing panel, double left, double top)
    {
        var placed = new XElement(panel.Svg!);
        placed.DescendantsAndSelf().Attributes("class").Remove();
        placed.Add(
            new XAttribute("x", Number(left)), new XAttribute("y", Number(top)), new XAttribute("width", Number(ChartFrame.Width)), new XAttribute("height", Number(panel.Height)));
        return placed;
    }

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
