using FeedbackAlignment.Data;
using FeedbackAlignment.Data.Files;
using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Data.Tables;

/// <summary>How a table was understood, in lines for the user.</summary>
internal static class TableRemarks
{
    private const int MostNames = 6, FewestPixels = 16;

    /// <summary>One line for what was seen, and one for each thing that the user may not expect.</summary>
    public static IEnumerable<string> Of(CsvTable table, TableChoice choice, DataSchema schema, DataSpec spec)
    {
        var inputs = schema.InputNames.Count;
        var read = $"{Path.GetFileName(table.Source)}: {(schema.Header ? "header" : "no header")}, separated by {CsvSniffer.Shown(schema.Separator)}{(schema.DecimalSeparator == ',' ? ", decimal comma" : "")}, {inputs} inputs";
        yield return choice.Seen.Count > 0 ? $"{read}; guessed from the data: {string.Join(", ", choice.Seen)}" : read;
        if (choice.Ignored.Count > 0)
        {
            yield return $"left out as requested: {Named(choice.Ignored.Select(column => column.Name))}";
        }

        var categories = schema.ColumnsOf(ColumnRole.Input).Where(column => column.Categories is not null).ToList();
        if (categories.Count > 0)
        {
            yield return $"one input for each category of {Named(categories.Select(column => $"{column.Name} ({column.Categories!.Count})"))}";
        }

        var booleans = choice.Inputs.Where(column => column.Kind == CsvKind.Boolean && !choice.IsCategorical(column)).ToList();
        if (booleans.Count > 0)
        {
            yield return $"true is 1 and false is 0 in {Named(booleans.Select(column => column.Name))}";
        }

        if (spec.Scale is null && LookLikePixels(choice.Inputs))
        {
            yield return "the columns look like pixels (whole numbers from 0 to 255); --scale 0..255 divides them all by 255";
        }
    }

    /// <summary>Whether the inputs look like the bytes of pixels: many columns of whole numbers from 0 to 255.</summary>
    private static bool LookLikePixels(IReadOnlyList<CsvColumn> inputs)
        => inputs.Count >= FewestPixels && inputs.All(column => column is { Kind: CsvKind.Number, IsWhole: true, Least: >= 0, Greatest: <= 255 }) && inputs.Max(column => column.Greatest) > 15;

    public static string Named(IEnumerable<string> names)
    {
        var all = names.ToList();
        return string.Join(", ", all.Take(MostNames)) + (all.Count > MostNames ? $" and {all.Count - MostNames} others" : "");
    }
}
