using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Tests.Reference.Rules;

/// <summary>
/// Each hidden stage learns by itself, −ln p(G⁺) − ln(1 − p(G⁻)), p = 1 ∕ (1 + e^−(G − θ n)), G = Σ h²: of two passes in which the first
/// inputs hold the right label or a wrong one. What goes on to the next stage has the length of the ordinary pass's activity.
/// </summary>
internal sealed class ForwardForward(Net net, RandomStream random, double threshold, double strength) : PlainRule(net)
{
    protected override void Learn(double[,] outputError, double[,] targets)
    {
        base.Learn(outputError, targets);
        var (inputs, classes) = (Net.Signals[0], targets.Columns());
        int[] right = [.. Enumerable.Range(0, inputs.Rows()).Select(targets.Row).Select(row => Array.IndexOf(row, row.Max()))];
        int[] wrong = [.. right.Select(label => Another(label, random.NextInt32(classes - 1)))];
        double[][,] signals = [WithLabels(inputs, right, classes), WithLabels(inputs, wrong, classes)];
        for (var stage = 0; stage < Net.Hidden; stage++)
        {
            for (var pass = 0; pass < signals.Length; pass++)
            {
                var (outputs, usual, isRight) = (Net.Stages[stage].Forward(signals[pass]), Net.Signals[stage + 1], pass == 0);
                Net.Stages[stage].Backward(Slopes(outputs, isRight), weight => weight.Values);
                signals[pass] = Table.Make(outputs.Rows(), outputs.Columns(), (example, unit)
                    => outputs[example, unit] == 0 ? 0
                        : outputs[example, unit] * Math.Sqrt(Square(usual, example) / Square(outputs, example)));
            }
        }
    }

    private static int Another(int label, int among) => among < label ? among : among + 1;

    private double[,] WithLabels(double[,] inputs, int[] labels, int classes) => Table.Make(
        inputs.Rows(), inputs.Columns(),
        (example, input) => input >= classes ? inputs[example, input] : input == labels[example] ? strength : 0);

    /// <summary>The derivative of −ln p or −ln(1 − p) by each output.</summary>
    private double[,] Slopes(double[,] outputs, bool isRight) => Table.Make(outputs.Rows(), outputs.Columns(), (example, unit) =>
    {
        var p = 1 / (1 + Math.Exp(-(Square(outputs, example) - threshold * outputs.Columns())));
        return 2 * outputs[example, unit] * (isRight ? p - 1 : p);
    });

    private static double Square(double[,] table, int row) => table.Row(row).Sum(value => value * value);
}
