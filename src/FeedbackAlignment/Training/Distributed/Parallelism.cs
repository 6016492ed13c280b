namespace FeedbackAlignment.Training;

/// <summary>What several ranks divide among them. It changes no bit.</summary>
public enum Parallelism
{
    /// <summary>Each batch, by its groups. Every rank has all layers.</summary>
    Batches,

    /// <summary>
    /// The network's layers. Activations go from rank to rank, and the output's error goes to all. Only for rules that bring every hidden
    /// layer an error straight from the output (<see cref="Rules.BroadcastRule"/>, and mixtures of them).
    /// </summary>
    Layers,

    /// <summary>
    /// The network's layers, for every rule that gives each hidden layer an error: where it comes from the layer above, it goes back from
    /// rank to rank (GPipe: Huang et al., NeurIPS 2019).
    /// </summary>
    Pipeline,
}
