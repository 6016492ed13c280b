namespace FeedbackAlignment.Exchange;

/// <summary>What the tensors of a file are called. Both are read.</summary>
public enum TensorNaming
{
    /// <summary>As the network's parameters and buffers, and as the arrays of <c>weights.npz</c>: <c>hidden1.weights</c>.</summary>
    Network,

    /// <summary>
    /// As PyTorch calls those of <c>torch.nn.Sequential(Linear, Tanh, Linear, …)</c>, so that <c>load_state_dict</c> takes them:
    /// <c>0.weight</c>.
    /// </summary>
    PyTorch,
}
