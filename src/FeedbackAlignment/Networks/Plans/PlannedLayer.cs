namespace FeedbackAlignment.Networks;

/// <summary>A layer with weights of a <see cref="NetworkPlan"/>.</summary>
/// <param name="Name">Its name: <c>hidden1</c>, <c>hidden2</c> …, <c>output</c>.</param>
/// <param name="Inputs">Width of its input.</param>
/// <param name="Outputs">Number of its units.</param>
/// <param name="Activation">What its units do; null: <see cref="MlpOptions"/> say it.</param>
public sealed record PlannedLayer(string Name, int Inputs, int Outputs, Activation? Activation)
{
    /// <summary>Number of its weights, without biases.</summary>
    public long Weights => (long)Inputs * Outputs;
}
