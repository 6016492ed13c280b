namespace FeedbackAlignment.Networks;

/// <summary>
/// A place in a network to which direct feedback brings an error: after a hidden activation, after a residual sum without one, or between
/// two layers with weights.
/// </summary>
/// <param name="Index">Its number, from the input up, from 0.</param>
/// <param name="Module">The module whose outputs it is at.</param>
/// <param name="Layer">Index of the latest layer with weights before it: the layer that learns from the error first.</param>
/// <param name="Above">The next layer with weights after it.</param>
/// <param name="Name">What its feedback weights lead to: the latest layer, or the module where several sites lie above one layer.</param>
/// <param name="IsNearest">Whether no other site lies between it and the layer above.</param>
/// <param name="IsJustBelow">Whether its outputs are what the layer above takes.</param>
/// <param name="Receiver">The layer with weights, or the block, whose error it is.</param>
/// <param name="IsInBlock">Whether it lies in a residual block, so that the block's own site stands for it where each block has
/// one.</param>
/// <param name="Pooling">Whether pooling follows, or the place is after it.</param>
internal sealed record NetworkSite(
    int Index, Module Module, int Layer, WeightedLayer Above, string Name, bool IsNearest, bool IsJustBelow, Module Receiver,
        bool IsInBlock, SitePooling Pooling)
{
    /// <summary>
    /// What its feedback weights are drawn by: the name of the layer above, as those of feedback alignment; where several sites lie below
    /// one layer, only the nearest has it alone.
    /// </summary>
    public string FeedbackName => IsNearest ? Above.Name : $"{Above.Name}-{Module.Name}";
}

/// <summary>What a site has to do with pooling.</summary>
internal enum SitePooling
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It is just before some.</summary>
    Before,

    /// <summary>It is just after some, in place of the site before it.</summary>
    After,
}

/// <summary>The layers and sites of a tree of modules, in order from the input up.</summary>
internal sealed class NetworkIndex
{
    private readonly Dictionary<Module, int> _layers = [], _sites = [];

    /// <param name="root">The whole network; it ends with a layer with weights.</param>
    public NetworkIndex(Sequence root)
    {
        var tour = new Tour();
        tour.Visit(root, from: null, next: null, isInBlock: false);
        (Layers, Below) = (tour.Layers, tour.Below);

        // Above the inputs alone there is nothing that could learn from an error.
        Found[] hidden = [.. tour.Sites.Where(site => site.Receiver is not null && site.Layer < Layers.Count - 1)];
        Sites = [.. hidden.SelectMany(Places).Index().Select(place => place.Item with { Index = place.Index })];
        var received = Below.OfType<Module>().Concat(Sites.Select(site => site.Receiver)).ToHashSet();
        Receivers = [.. tour.Sources.Where(received.Contains)];
        foreach (var (i, layer) in Layers.Index())
        {
            _layers.Add(layer, i);
        }

        foreach (var site in Sites)
        {
            _sites.Add(site.Module, site.Index);
        }

        // What stands after pooling is the same site elsewhere: it has the names of the one before.
        IEnumerable<NetworkSite> Places(Found site, int index)
        {
            var one = Site(site, index);
            return site.Next is not { IsPooling: true } pool ? [one]
                : [one with { Pooling = SitePooling.Before },
                    one with { Module = pool, Pooling = SitePooling.After, IsJustBelow = tour.Following.GetValueOrDefault(pool) == one.Above }];
        }

        NetworkSite Site(Found site, int index)
        {
            var above = Layers[site.Layer + 1];
            var isAlone = hidden.Count(other => other.Layer == site.Layer) == 1;
            var isNearest = index == hidden.Length - 1 || hidden[index + 1].Layer != site.Layer;
            return new(index, site.Module, site.Layer, above, isAlone ? Layers[site.Layer].Name : site.Module.Name, isNearest,
                site.Next == above, site.Receiver!, site.IsInBlock, SitePooling.None);
        }
    }

    /// <summary>All layers with weights, from the input up.</summary>
    public IReadOnlyList<WeightedLayer> Layers { get; }

    /// <summary>All sites, from the input up.</summary>
    public IReadOnlyList<NetworkSite> Sites { get; }

    /// <summary>
    /// Of each layer with weights, whose error comes across them: the layer or the block whose outputs it takes, through normalizations and
    /// the like; null: it takes the inputs.
    /// </summary>
    public IReadOnlyList<Module?> Below { get; }

    /// <summary>
    /// The layers and blocks that get an error across weights or at a site, from the input up. The last layer of a branch gets its error
    /// through the sum, so it is none unless it has a site.
    /// </summary>
    public IReadOnlyList<Module> Receivers { get; }

    /// <summary>The index of a layer.</summary>
    public int IndexOf(WeightedLayer layer) => _layers[layer];

    /// <summary>The index of the site at a module's outputs; −1: there is none.</summary>
    public int SiteOf(Module module) => module is Sequence ? SiteOf(module.Children[^1]) : _sites.GetValueOrDefault(module, -1);

    /// <summary>A place that may be a site.</summary>
    private sealed record Found(Module Module, int Layer, Module? Next, Module? Receiver, bool IsInBlock);

    /// <summary>A walk over all modules, from the input up.</summary>
    private sealed class Tour
    {
        public List<WeightedLayer> Layers { get; } = [];

        public List<Module?> Below { get; } = [];

        public List<Module> Sources { get; } = [];

        public List<Found> Sites { get; } = [];

        /// <summary>Of each module the one after it in its row.</summary>
        public Dictionary<Module, Module> Following { get; } = [];

        /// <param name="module">The module.</param>
        /// <param name="from">The layer or block whose outputs it takes; null: it takes the inputs.</param>
        /// <param name="next">The module after it in its row.</param>
        /// <param name="isInBlock">Whether it lies in a residual block.</param>
        /// <returns>The layer or block whose outputs, perhaps normalized or the like, are its own.</returns>
        public Module? Visit(Module module, Module? from, Module? next, bool isInBlock)
        {
            var source = from;
            if (module is WeightedLayer layer)
            {
                Layers.Add(layer);
                Below.Add(from);
            }

            for (var i = 0; i < module.Children.Count; i++)
            {
                var after = module is Sequence ? module.Children.Skip(i + 1).FirstOrDefault() : null;
                if (after is not null)
                {
                    Following[module.Children[i]] = after;
                }

                source = Visit(module.Children[i], module is Residual ? from : source, after, isInBlock || module is Residual);
            }

            // A block below all weights is a function of the inputs, and gets no error.
            if (module is WeightedLayer || (module is Residual && Layers.Count > 0))
            {
                Sources.Add(source = module);
            }

            // A sum of a branch and a shortcut is a site as well: otherwise exact errors would come down from shortcut to shortcut.
            if (module.IsActivation || (module is WeightedLayer && next is WeightedLayer)
                || (module is Residual && next is not { IsActivation: true }))
            {
                Sites.Add(new(module, Layers.Count - 1, next, source, isInBlock));
            }

            return source;
        }
    }
}
