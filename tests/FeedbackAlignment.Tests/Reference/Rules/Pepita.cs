using FeedbackAlignment.Tests.Reference.Modules;

namespace FeedbackAlignment.Tests.Reference.Rules;

/// <summary>
/// The output's error goes onto the input, x + δ F, and the network runs again: hidden weights learn (h − h′) h′ᵀ, the output's δ h′ᵀ.
/// </summary>
internal sealed class Pepita(Net net, double[,] inputFeedback) : PlainRule(net)
{
    protected override void Learn(double[,] outputError, double[,] targets)
    {
        var before = Net.Signals.ToArray();
        var signal = Net.Hidden == 0 ? before[0] : before[0].Plus(outputError.Times(inputFeedback));
        for (var stage = 0; stage < Net.Hidden; stage++)
        {
            var dense = (DenseStage)Net.Stages[stage];
            signal = dense.Forward(signal);
            dense.Dense.Backward(before[stage + 1].Minus(signal), weight => weight.Values);
        }

        Net.Stages[^1].Forward(signal);
        base.Learn(outputError, targets);
    }
}
