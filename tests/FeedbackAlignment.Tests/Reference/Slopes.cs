namespace FeedbackAlignment.Tests.Reference;

/// <summary>Derivatives by central differences: what a derivative that was written down must be.</summary>
internal static class Slopes
{
    /// <summary>∂value/∂(every number of a weight).</summary>
    public static double[,] Of(Weight weight, Func<double> value) => Of(weight.Values, value);

    /// <summary>∂value/∂(every number of a table).</summary>
    public static double[,] Of(double[,] table, Func<double> value) => Table.Make(table.Rows(), table.Columns(), (row, column) =>
    {
        const double Step = 1e-6;
        var middle = table[row, column];
        table[row, column] = middle + Step;
        var above = value();
        table[row, column] = middle - Step;
        var below = value();
        table[row, column] = middle;
        return (above - below) / (2 * Step);
    });
}
