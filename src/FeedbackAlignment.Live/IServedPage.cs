namespace FeedbackAlignment.Live;

/// <summary>A page that is served.</summary>
internal interface IServedPage : IAsyncDisposable
{
    /// <summary>The port that it listens on.</summary>
    int Port { get; }
}
