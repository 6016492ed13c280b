using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Rules;

/// <summary>
/// The modules of a network that one rank has, as a rule teaches them: it runs them for each group of a batch and keeps what they learn
/// from until the group's error is known.
/// </summary>
/// <param name="rule">The rule.</param>
/// <param name="from">The first of the network's modules.</param>
/// <param name="to">The module behind the last.</param>
/// <param name="passes">A pass for each group.</param>
internal sealed class LayerPart(ErrorRule rule, int from, int to, InstantPass[] passes)
{
    /// <summary>The streams from which its modules draw.</summary>
    public IReadOnlyList<RandomStream> Noise => passes[0].Noise;

    /// <summary>Whether it begins at the network's inputs.</summary>
    public bool IsFirst => from == 0;

    /// <summary>Whether it ends with the output layer.</summary>
    public bool IsLast => to == rule.Network.Root.Children.Count;

    /// <summary>Numbers that it takes of an example.</summary>
    public int Inputs => rule.Network.Root.Children[from].From.Size;

    /// <summary>Numbers that it gives of an example.</summary>
    public int Outputs => rule.Network.Root.Children[to - 1].To.Size;

    /// <summary>Whether the part above sends an error back to it.</summary>
    public bool TakesError => !IsLast && rule.Walk.IsSentBack(to);

    /// <summary>Whether it sends an error back to the part below.</summary>
    public bool GivesError => !IsFirst && rule.Walk.IsSentBack(from);

    /// <summary>Runs its modules.</summary>
    /// <param name="group">The group.</param>
    /// <param name="input">examples × inputs; must stay as it is until the group has learned.</param>
    /// <returns>examples × outputs. Valid until the group's next run.</returns>
    public Matrix Forward(int group, Matrix input) => passes[group].Run(input, from, to);

    /// <summary>Evaluates the loss, where it ends with the output layer.</summary>
    /// <param name="group">The group.</param>
    /// <param name="batch">Its examples.</param>
    /// <param name="outputs">What its run gave.</param>
    /// <param name="outputError">examples × outputs; receives the output layer's local error.</param>
    /// <returns>The mean loss.</returns>
    public double Judge(int group, in Batch batch, Matrix outputs, Matrix outputError)
        => rule.JudgeOutputs(batch, passes[group], outputs, outputError);

    /// <summary>Gives its modules their gradients.</summary>
    /// <param name="group">The group.</param>
    /// <param name="batch">Its examples.</param>
    /// <param name="outputError">examples × outputs of the network; empty where nobody here reads it.</param>
    /// <param name="above">examples × outputs: the error there, if it <see cref="TakesError"/>.</param>
    /// <param name="gradients">Receives the gradients; says of all others that there is none.</param>
    /// <returns>examples × inputs: the error there, if it <see cref="GivesError"/>.</returns>
    public Matrix Learn(int group, in Batch batch, Matrix outputError, Matrix above, Gradients gradients)
    {
        gradients.Begin(batch.RequireExamples());
        if (IsLast)
        {
            rule.LearnOutputs(passes[group], outputError, gradients);
            above = outputError;
        }

        return rule.Walk.GoThrough((SequenceRun)passes[group].Root, from, to, outputError, above, batch, gradients);
    }
}
