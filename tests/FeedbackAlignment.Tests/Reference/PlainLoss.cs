namespace FeedbackAlignment.Tests.Reference;

/// <summary>The losses of one example, and their derivatives, by the library's ids.</summary>
internal static class PlainLoss
{
    /// <summary>The loss of every example.</summary>
    public static double[] OfEach(string loss, double[,] outputs, double[,] targets)
        => [.. Enumerable.Range(0, outputs.Rows()).Select(example => Of(loss, outputs.Row(example), targets.Row(example)))];

    /// <summary>Each row the derivative of its own example's loss; under softmax the targets sum to 1.</summary>
    public static double[,] Error(string loss, double[,] outputs, double[,] targets)
    {
        var answers = Table.Make(outputs.Rows(), outputs.Columns(), (row, i) => loss switch
        {
            "squared-error" => outputs[row, i],
            "logistic-cross-entropy" => 1 / (1 + Math.Exp(-outputs[row, i])),
            "softmax-cross-entropy" => Math.Exp(outputs[row, i]) / outputs.Row(row).Sum(Math.Exp),
            _ => throw new ArgumentException(loss),
        });
        return answers.Minus(targets);
    }

    private static double Of(string loss, double[] outputs, double[] targets)
        => outputs.Zip(targets, (z, t) => loss switch
        {
            "squared-error" => 0.5 * (z - t) * (z - t),
            "logistic-cross-entropy" => t * Math.Log(1 + Math.Exp(-z)) + (1 - t) * Math.Log(1 + Math.Exp(z)),
            "softmax-cross-entropy" => -t * Math.Log(Math.Exp(z) / outputs.Sum(Math.Exp)),
            _ => throw new ArgumentException(loss),
        }).Sum();
}
